r"""What every match of a pattern needs, read off its syntax: digits in a row, a long token, or one of some words.

A cell without what a pattern needs cannot match it. Each need is a lower bound that holds for every text the pattern
takes: nothing is missed, and nothing of it is written by hand. The property tests draw matches to prove it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import _parser as _syntax  # type: ignore[attr-defined]
from typing import Any

from airflow_mlsecops.scan.pattern import pieces, split

GAP = frozenset(" .()-/+,:_#")
"""What may part the digits of one number."""
LONGEST_GAP = 3
TOKEN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-")
DIGITS = frozenset("0123456789")
PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ,.'")
"""What names and ordinary words consist of."""

OTHER = "\u0080"

_SETS = 12
_MANY_WORDS = 256
_SPELLINGS = 64
_Node = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """What a text must have for a pattern to match in it.

    :param digits: so many digits, parted by at most three characters of ``GAP`` each
    :param token: so many characters of ``TOKEN`` in a row
    :param words: one of these, in any case; empty if no words are needed
    :param marked: a character that is not one of ``PLAIN``
    :param sets: one character of each of these; ``OTHER`` stands for all beyond ASCII
    """

    digits: int
    token: int
    words: frozenset[str]
    marked: bool
    sets: tuple[frozenset[str], ...]


@lru_cache(maxsize=2048)
def need(pattern: str) -> Need:
    """What every match of a pattern needs."""
    nodes = tuple(_syntax.parse(pattern, re.ASCII))
    words = _words(nodes)
    # Capital sigma has two small forms, which one fits depends on what follows.
    usable = words is not None and not any(set("σςΣ") & set(word) or not word.strip() for word in words)
    return Need(
        digits=_run(nodes, DIGITS, GAP),
        token=_run(nodes, TOKEN, frozenset()),
        words=frozenset(word.lower() for word in words or ()) if usable else frozenset(),
        marked=not _plain_fits(nodes),
        sets=tuple(sorted(set(_sets(nodes, fold=False)), key=lambda one: (len(one), sorted(one)))[:_SETS]),
    )


def alternatives(pattern: str) -> tuple[str, ...]:
    """The alternatives of a pattern, each a pattern of its own; those of a group that it begins with, too."""
    parts = tuple(split(pattern))
    if len(parts) > 1:
        return tuple(inner for part in parts for inner in alternatives(part))
    end = _first_group(pattern)
    inner = tuple(split(pattern[3 : end - 1])) if end else ()
    if len(inner) < 2 and end != len(pattern):
        return parts
    return tuple(one for part in inner for one in alternatives(f"{part}{pattern[end:]}"))


def _first_group(pattern: str) -> int:
    """Where a plain group ends that a pattern begins with and that stands there once; 0 if there is none."""
    place = 0
    for piece, bracket, depth in pieces(pattern) if pattern.startswith("(?:") else ():
        place += len(piece)
        if piece == ")" and not bracket and depth == 1:
            return 0 if pattern[place : place + 1] in ("*", "+", "?", "{") else place
    return 0


# ---- plain text ------------------------------------------------------------------------------------------------------


def _plain_fits(nodes: Iterable[_Node]) -> bool:
    """True if a text of ``PLAIN`` alone could match."""
    return all(_plain_fits_node(str(kind), value) for kind, value in nodes)


def _plain_fits_node(kind: str, value: Any) -> bool:
    if kind == "LITERAL":
        return chr(value) in PLAIN
    if kind == "IN":
        characters = _characters(kind, value)
        return characters is None or bool(characters & PLAIN)
    if kind == "BRANCH":
        return any(map(_plain_fits, value[1]))
    if kind == "SUBPATTERN":
        return _plain_fits(value[-1])
    return value[0] == 0 or _plain_fits(value[2]) if kind.endswith("_REPEAT") else True


# ---- sets of characters ----------------------------------------------------------------------------------------------


def _sets(nodes: Iterable[_Node], *, fold: bool) -> Iterator[frozenset[str]]:
    """Sets of which every match has a character each."""
    for node in nodes:
        yield from _sets_of(str(node[0]), node[1], fold=fold)


def _sets_of(kind: str, value: Any, *, fold: bool) -> Iterator[frozenset[str]]:
    if kind == "SUBPATTERN":
        yield from _sets(value[-1], fold=fold or bool(value[1] & re.IGNORECASE))
    elif kind.endswith("_REPEAT"):
        if value[0]:
            yield from _sets(value[2], fold=fold)
    elif kind == "BRANCH":
        # A match takes one branch: it has a character of one set of each.
        inner = [min(_sets(branch, fold=fold), key=len, default=None) for branch in value[1]]
        if all(one is not None for one in inner):
            yield frozenset().union(*(one for one in inner if one is not None))
    elif kind in ("LITERAL", "IN"):
        characters = _characters(kind, value)
        if characters is not None:
            both = {case for c in characters for case in ((c.lower(), c.upper()) if fold else (c,))}
            yield frozenset(c if c < OTHER else OTHER for c in both)


# ---- runs of characters ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Run:
    """The guaranteed run at the end of what was read so far."""

    best: int = 0
    length: int = 0
    gap: int = 0

    def take(self, count: int) -> None:
        if count:
            self.length, self.gap = self.length + count, 0
            self.best = max(self.best, self.length)

    def part(self, count: int) -> None:
        self.gap += count
        if self.gap > LONGEST_GAP:
            self.length = self.gap = 0

    def end(self) -> None:
        self.length = self.gap = 0


def _run(nodes: Sequence[_Node], wanted: frozenset[str], between: frozenset[str]) -> int:
    run = _Run()
    for node in nodes:
        _extend(run, node, wanted, between)
    return run.best


def _extend(run: _Run, node: _Node, wanted: frozenset[str], between: frozenset[str]) -> None:
    kind, value = str(node[0]), node[1]
    if kind == "AT":
        return
    if kind == "SUBPATTERN":
        for inner in value[-1]:
            _extend(run, inner, wanted, between)
        return
    if kind.endswith("_REPEAT"):
        _extend_repeat(run, value, wanted, between)
        return
    if kind == "BRANCH":
        _extend_branch(run, value[1], wanted, between)
        return
    characters = _characters(kind, value)
    if characters is not None and characters <= wanted:
        run.take(1)
    elif characters is not None and characters <= wanted | between:
        run.part(1)
    else:
        run.end()


def _extend_repeat(run: _Run, value: tuple[int, Any, Any], wanted: frozenset[str], between: frozenset[str]) -> None:
    least, most, inner = value
    plain = _plain(inner, wanted, between)
    if plain is None:
        # Something else may stand there; what it holds is needed only if it must stand there.
        run.end()
        if least:
            run.best = max(run.best, _run(inner, wanted, between))
        return
    wanted_in, gap_in = plain
    if wanted_in == 0:
        run.part(gap_in * (LONGEST_GAP + 1 if most > LONGEST_GAP else int(most)))
    elif gap_in > LONGEST_GAP:
        run.end()
    else:
        # Each turn brings characters that are wanted, with gaps no longer than allowed, however often it is taken.
        turns = min(least, 64)
        for _ in range(turns):
            run.part(gap_in)
            run.take(wanted_in)
        if turns == 0:
            run.part(gap_in)


def _extend_branch(run: _Run, branches: Sequence[Any], wanted: frozenset[str], between: frozenset[str]) -> None:
    plain = [_plain(branch, wanted, between) for branch in branches]
    if all(one is not None for one in plain):
        known = [one for one in plain if one is not None]
        run.part(max(gap for _, gap in known))
        run.take(min(count for count, _ in known))
        # What follows the last wanted character in a branch is a gap too.
        run.part(max(gap for _, gap in known))
        return
    run.end()
    run.best = max(run.best, min(_run(branch, wanted, between) for branch in branches))


def _plain(nodes: Iterable[_Node], wanted: frozenset[str], between: frozenset[str]) -> tuple[int, int] | None:
    """How many wanted characters some nodes bring at least, and how many others at most; ``None`` if unbounded."""
    count = gap = 0
    for node in nodes:
        one = _plain_node(node, wanted, between)
        if one is None:
            return None
        count, gap = count + one[0], gap + one[1]
    return count, gap


def _plain_node(node: _Node, wanted: frozenset[str], between: frozenset[str]) -> tuple[int, int] | None:
    kind, value = str(node[0]), node[1]
    if kind == "AT":
        return 0, 0
    if kind == "SUBPATTERN":
        return _plain(value[-1], wanted, between)
    if kind == "BRANCH":
        inner = [_plain(branch, wanted, between) for branch in value[1]]
        known = [one for one in inner if one is not None]
        return (min(n for n, _ in known), max(gap for _, gap in known)) if len(known) == len(inner) else None
    if kind.endswith("_REPEAT"):
        least, most, nodes = value
        one = _plain(nodes, wanted, between)
        if one is None:
            return None
        turns = int(most) if most <= 64 else 1_000
        return one[0] * least, one[1] * turns
    characters = _characters(kind, value)
    if characters is None or not characters <= wanted | between:
        return None
    return (1, 0) if characters <= wanted else (0, 1)


def _characters(kind: str, value: Any) -> frozenset[str] | None:
    """The characters an element takes; ``None`` if they are too many to list."""
    if kind == "LITERAL":
        return frozenset(chr(value))
    if kind != "IN":
        return None
    found: set[str] = set()
    for item, what in value:
        if str(item) == "LITERAL":
            found.add(chr(what))
        elif str(item) == "RANGE" and what[1] - what[0] < 128:
            found.update(map(chr, range(what[0], what[1] + 1)))
        elif str(item) == "CATEGORY" and str(what) == "CATEGORY_DIGIT":
            found |= DIGITS
        else:
            return None
    return frozenset(found)


# ---- words -----------------------------------------------------------------------------------------------------------


def _words(nodes: Sequence[_Node], before: frozenset[str] = frozenset({""})) -> set[str] | None:
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


def _words_inside(node: _Node, before: frozenset[str]) -> set[str] | None:
    kind, value = str(node[0]), node[1]
    if kind == "SUBPATTERN":
        return _words(value[-1], before)
    if kind.endswith("_REPEAT"):
        return _words(value[2], before) if value[0] else None
    if kind != "BRANCH":
        return None
    inner = [_words(branch, before) for branch in value[1]]
    together: set[str] = set().union(*(words or {""} for words in inner))
    return together if all(together) and len(together) <= _MANY_WORDS else None


def _spelt(node: _Node) -> set[str] | None:
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
    characters = _characters(kind, value)
    return set(characters) if characters is not None and len(characters) <= 4 else None


def _all_spelt(nodes: Iterable[_Node]) -> set[str] | None:
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


