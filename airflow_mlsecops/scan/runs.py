"""How many characters of a kind stand in a row in every match of a pattern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from airflow_mlsecops.scan.syntax import Node, characters

LONGEST_GAP = 3
"""So many other characters may part those that are counted."""


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


def run_of(nodes: Sequence[Node], wanted: frozenset[str], between: frozenset[str]) -> int:
    """The longest run of wanted characters that every match has, with short gaps of what may stand between them."""
    run = _Run()
    for node in nodes:
        _extend(run, node, wanted, between)
    return run.best


def _extend(run: _Run, node: Node, wanted: frozenset[str], between: frozenset[str]) -> None:
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
    found = characters(kind, value)
    if found is not None and found <= wanted:
        run.take(1)
    elif found is not None and found <= wanted | between:
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
            run.best = max(run.best, run_of(inner, wanted, between))
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
        # What follows the last of them in a turn is a gap too.
        run.part(gap_in)


def _extend_branch(run: _Run, branches: Sequence[Any], wanted: frozenset[str], between: frozenset[str]) -> None:
    plain = [_plain(branch, wanted, between) for branch in branches]
    if all(one is not None for one in plain):
        known = [one for one in plain if one is not None]
        longest = max(gap for _, gap in known)
        if longest > LONGEST_GAP:
            # It may stand between the wanted characters of a branch.
            run.end()
            run.best = max(run.best, min(run_of(branch, wanted, between) for branch in branches))
            return
        run.part(longest)
        run.take(min(count for count, _ in known))
        # What follows the last wanted character in a branch is a gap too.
        run.part(max(gap for _, gap in known))
        return
    run.end()
    run.best = max(run.best, min(run_of(branch, wanted, between) for branch in branches))


def _plain(nodes: Iterable[Node], wanted: frozenset[str], between: frozenset[str]) -> tuple[int, int] | None:
    """How many wanted characters some nodes bring at least, and how many others at most; ``None`` if unbounded."""
    count = gap = 0
    for node in nodes:
        one = _plain_node(node, wanted, between)
        if one is None:
            return None
        count, gap = count + one[0], gap + one[1]
    return count, gap


def _plain_node(node: Node, wanted: frozenset[str], between: frozenset[str]) -> tuple[int, int] | None:
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
    found = characters(kind, value)
    if found is None or not found <= wanted | between:
        return None
    return (1, 0) if found <= wanted else (0, 1)
