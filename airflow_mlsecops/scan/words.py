"""Words of which every match of a pattern has one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from airflow_mlsecops.scan.syntax import Node, characters

_MANY_WORDS = 256
_SPELLINGS = 64


def words_of(nodes: Sequence[Node], before: frozenset[str] = frozenset({""})) -> set[str] | None:
    """Words of which every match has one; the choice whose shortest word is longest.

    :param before: what stands right before
    """
    best: set[str] | None = None
    open_: set[str] = set(before)
    for node in nodes:
        spelt = _spelt(node)
        if spelt is not None and len(open_) * len(spelt) <= _SPELLINGS:
            open_ = {start + after for start in open_ for after in spelt}
            continue
        best = _better(_better(best, open_), _words_inside(node, frozenset(open_)))
        open_ = {""}
    return _better(best, open_)


def _words_inside(node: Node, before: frozenset[str]) -> set[str] | None:
    kind, value = str(node[0]), node[1]
    if kind == "SUBPATTERN":
        return words_of(value[-1], before)
    if kind.endswith("_REPEAT"):
        return words_of(value[2], before) if value[0] else None
    if kind != "BRANCH":
        return None
    inner = [words_of(branch, before) for branch in value[1]]
    together: set[str] = set().union(*(words or {""} for words in inner))
    return together if all(together) and len(together) <= _MANY_WORDS else None


def _spelt(node: Node) -> set[str] | None:
    """Every way to write what a node takes, if they are few."""
    kind, value = str(node[0]), node[1]
    if kind == "AT":
        return {""}
    if kind == "SUBPATTERN":
        return _all_spelt(value[-1])
    if kind == "BRANCH":
        ways = [_all_spelt(branch) for branch in value[1]]
        together = set().union(*(way or set() for way in ways))
        return together if all(way is not None for way in ways) and len(together) <= _SPELLINGS else None
    if kind.endswith("_REPEAT"):
        least, most, inner = value
        way = _all_spelt(inner) if most <= 4 else None
        ways = [_product([way] * turns) for turns in range(least, most + 1)] if way is not None else [None]
        together = set().union(*(one or set() for one in ways))
        return together if all(one is not None for one in ways) and len(together) <= _SPELLINGS else None
    found = characters(kind, value)
    return set(found) if found is not None and len(found) <= 4 else None


def _all_spelt(nodes: Iterable[Node]) -> set[str] | None:
    ways = [_spelt(node) for node in nodes]
    known = [way for way in ways if way is not None]
    return _product(known) if len(known) == len(ways) else None


def _product(ways: Iterable[set[str]]) -> set[str] | None:
    spelt = {""}
    for way in ways:
        if len(spelt) * len(way) > _SPELLINGS:
            return None
        spelt = {before + after for before in spelt for after in way}
    return spelt


def _better(one: set[str] | None, two: set[str] | None) -> set[str] | None:
    known = [words for words in (one, two) if words and all(words)]
    return max(known, key=lambda words: (min(map(len, words)), -len(words)), default=None)
