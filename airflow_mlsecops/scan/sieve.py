"""Few passes that leave each detector only the cells in which its pattern may match.

Hundreds of patterns in one alternation would fill an automaton's cache again and again. So a cell is asked first for
what patterns *need* (:mod:`airflow_mlsecops.scan.need`): digits in a row, a long token, certain words. Those that need
none of these are searched as they are. The few cells that are left are asked one by one for all patterns together.
Every gate is derived from the patterns, none is written by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.automaton import any_of, which_of
from airflow_mlsecops.scan.buffer import Buffer
from airflow_mlsecops.scan.clause import DIGITS, TOKEN, Clause, digits_in_a_row, token_of
from airflow_mlsecops.scan.need import alternatives, need
from airflow_mlsecops.scan.part import Part
from airflow_mlsecops.scan.pattern import ascii_pattern, linear
from airflow_mlsecops.scan.shape import fits
from airflow_mlsecops.scan.syntax import PLAIN

if TYPE_CHECKING:
    import polars as pl

_MARKED = "[^A-Za-z ,.']"
_NEARLY_ALL = 0.8
_PROBE, _MANY = 64, 0.04
_HEAD = 1_024
_KNOWN = 256
FEW = 512
"""Up to so many cells, asking each is cheaper than asking them together."""


@dataclass(frozen=True)
class Sieve:
    """Everything that some detectors' plain patterns need."""

    clauses: tuple[Clause, ...]

    @cached_property
    def _detectors(self) -> dict[int, Detector]:
        # By id: one's own may have no names, and to hash one takes longer than to search some cells.
        return {id(clause.detector): clause.detector for clause in self.clauses}

    @cached_property
    def _longest(self) -> int:
        return max(clause.need.length for clause in self.clauses)

    @cached_property
    def _known(self) -> dict[tuple[int, frozenset[str]], list[Clause]]:
        return {}

    @cached_property
    def _which(self) -> dict[str, Callable[[str], Iterable[Clause]]]:
        """For each gate, what tells of a text which clauses it may match."""
        gates: dict[str, list[Clause]] = defaultdict(list)
        for clause in self.clauses:
            gates[clause.gate].append(clause)
        return {gate: _which(tuple(clauses)) for gate, clauses in gates.items()}

    def sift(
        self, cells: pl.DataFrame, usual: set[str], buffer: Buffer | None = None
    ) -> Iterator[tuple[Detector, pl.DataFrame]]:
        """Give each detector the cells its pattern matches in, if there are any.

        :param cells: columns ``place`` and ``text``
        :param usual: patterns that many cells of the column are for: they are asked by themselves, lest a gate that
            they share with others lets all cells pass; grows by what is found to be so
        :param buffer: of the same texts
        """
        whole = Part(cells["text"], buffer=buffer)
        clauses = self._possible(whole.buffer)
        known = frozenset(usual)  # another thread may add to it meanwhile
        # Whoever decides many at once needs no gate where the column is full of what it looks for.
        full = {id(clause.detector) for clause in clauses if clause.pattern in known and clause.at_once}
        clauses = [clause for clause in clauses if id(clause.detector) not in full]
        found: dict[int, set[int]] = defaultdict(set)
        for clause, part in self._passed(whole, clauses, known):
            if len(part) > max(FEW, _MANY * len(whole)):
                usual.add(clause.pattern)
            # Where few cells have what it needs, whoever validates may as well look at each of them.
            matched = part.matching(ascii_pattern(clause.pattern)) if len(part) > FEW else part
            found[id(clause.detector)].update(matched.rows)
        for number in full:
            yield self._detectors[number], cells
        for number, rows in found.items():
            if rows:
                yield self._detectors[number], cells if len(rows) == len(cells) else cells[sorted(rows)]

    @cached_property
    def wide(self) -> Sieve:
        """The same for the detectors that are searched in everything."""
        return Sieve(tuple(clause for clause in self.clauses if clause.detector.everything))

    def usual(self, cells: pl.DataFrame) -> set[str]:
        """The patterns that match in many of the first cells."""
        first = cells["text"].head(_PROBE)
        texts, least = first.to_list(), _MANY * len(first)
        return {
            clause.pattern
            for clause in self._possible(Buffer(first))
            if sum(linear(clause.pattern).search(text) is not None for text in texts) > least
        }

    def _possible(self, buffer: Buffer) -> list[Clause]:
        """The clauses for which the texts are long enough and have the characters, and a shape in which they match."""
        # In bytes, of which a text has no fewer than characters.
        possible = self._written(min(buffer.longest, self._longest), buffer.characters)
        shapes = buffer.shapes
        return possible if shapes is None else [clause for clause in possible if fits(clause.pattern, shapes)]

    def _written(self, longest: int, there: frozenset[str]) -> list[Clause]:
        """The clauses that so many of these characters can match: mostly asked for the same as for the batch before."""
        known = self._known.get((longest, there))
        if known is None:
            known = [
                clause
                for clause in self.clauses
                if clause.need.length <= longest and all(there & wanted for wanted in clause.need.sets)
            ]
            if len(self._known) >= _KNOWN:
                self._known.clear()  # by another thread too, so that nothing is asked of it twice
            self._known[longest, there] = known
        return known

    def _passed(self, whole: Part, clauses: list[Clause], known: frozenset[str]) -> Iterator[tuple[Clause, Part]]:
        """Every clause with the cells that it may match: those that many are for with all, others behind the gates."""
        yield from ((clause, whole) for clause in clauses if clause.pattern in known)
        for part, some in _gated(whole, [clause for clause in clauses if clause.pattern not in known]):
            yield from self._each(part, some)

    def _each(self, part: Part, clauses: list[Clause]) -> Iterator[tuple[Clause, Part]]:
        """Clauses with the cells in which each may match, all of them asked for in one look at each cell."""
        wanted = {id(clause) for clause in clauses}
        places: dict[Clause, list[int]] = defaultdict(list)
        for gate in sorted({clause.gate for clause in clauses}):
            for place, text in enumerate(part.texts.to_list()):
                for clause in self._which[gate](text):
                    if id(clause) in wanted:
                        places[clause].append(place)
        yield from ((clause, part.only(some)) for clause, some in places.items())


@lru_cache(maxsize=32)
def sieve_of(detectors: tuple[Detector, ...]) -> Sieve | None:
    """The sieve for the plain patterns of some detectors; ``None`` if there are no such patterns."""
    clauses = tuple(
        Clause(detector, pattern, need(pattern))
        for detector in detectors
        if detector.pattern is not None
        for pattern in alternatives(detector.pattern)
    )
    return Sieve(clauses) if clauses else None


def _which(clauses: tuple[Clause, ...]) -> Callable[[str], Iterable[Clause]]:
    which = which_of(tuple(clause.pattern for clause in clauses))
    return lambda text: map(clauses.__getitem__, which(text))


def containing(cells: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """The cells in which a pattern matches; a pattern of nothing matches in none."""
    import polars as pl

    return cells.filter(pl.col("text").str.contains(pattern)) if pattern and len(cells) else cells.clear()


def _gated(whole: Part, clauses: list[Clause]) -> Iterator[tuple[Part, list[Clause]]]:
    """Some clauses at a time with the cells that have what they need."""
    if whole.buffer.shapes is not None or _mostly_marked(whole):
        yield from _grouped(whole, clauses)
        return
    marked = whole.matching(_MARKED) if whole.buffer.characters - PLAIN else whole.only([])
    yield from _grouped(marked, [clause for clause in clauses if clause.need.marked])
    yield from _grouped(whole, [clause for clause in clauses if not clause.need.marked])


def _mostly_marked(whole: Part) -> bool:
    """True if it spares little to look for cells without marks; the first cells tell, and decide nothing else."""
    first = Part(whole.texts.head(_HEAD))
    return len(first.matching(_MARKED)) > _NEARLY_ALL * len(first)


def _grouped(part: Part, clauses: list[Clause]) -> Iterator[tuple[Part, list[Clause]]]:
    groups: dict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        # Codes and numbers have the digits and the length of others; it is the words that they do not have.
        groups["words" if clause.need.words and part.buffer.shapes is not None else clause.gate].append(clause)
    long = part
    if groups["token"] and groups["digits"]:
        # Both at once: most cells of long text have neither.
        long = part.matching(f"{token_of(TOKEN)}|{digits_in_a_row(DIGITS)}")
    yield from _further(long.matching(token_of(TOKEN)) if groups["token"] else long, groups["token"])
    yield from _further(long.matching(digits_in_a_row(DIGITS)) if groups["digits"] else long, groups["digits"])
    yield from _further(part, groups["words"])
    yield from _further(part, groups["itself"])


def _further(part: Part, clauses: list[Clause]) -> Iterator[tuple[Part, list[Clause]]]:
    """The clauses with the cells in which any of them may match."""
    if clauses and len(part) > FEW:
        part = part.only(part.buffer.places(any_of(tuple(clause.pattern for clause in clauses))))
    if clauses and len(part):
        yield part, clauses
