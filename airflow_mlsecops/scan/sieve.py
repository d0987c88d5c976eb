"""Few passes that leave each detector only the cells in which its pattern may match.

Hundreds of patterns in one alternation would fill an automaton's cache again and again. So a cell is asked first for
what patterns *need* (:mod:`airflow_mlsecops.scan.need`): digits in a row, a long token, certain words. Those that need
none of these are searched as they are. Every gate is derived from the patterns, none is written by hand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.detector import Detector, whole
from airflow_mlsecops.scan.buffer import Buffer
from airflow_mlsecops.scan.need import Need, alternatives, need
from airflow_mlsecops.scan.pattern import ascii_pattern, by_line, linear, looser
from airflow_mlsecops.scan.runs import LONGEST_GAP
from airflow_mlsecops.scan.shape import fits
from airflow_mlsecops.scan.syntax import GAP, PLAIN

if TYPE_CHECKING:
    import polars as pl

_DIGITS, _TOKEN = 9, 16
_MARKED = "[^A-Za-z ,.']"
_NEARLY_ALL = 0.8
# Beyond this many repetitions the states of several patterns together no longer fit the automaton's cache.
_COUNTED = 4
_STATES, _STATES_OF_ONE = 32 << 20, 8 << 20
# Gates are few, so that most clauses share one.
_STEPS = (9, 11, 13, 16, 20)
_PROBE, _MANY = 64, 0.04
_HEAD = 1_024
_KNOWN = 256
_SOME = 16
FEW = 512
"""Up to so many cells, asking each is cheaper than asking them together."""
_GAP = "".join(re.escape(sign) for sign in sorted(GAP))


@dataclass(frozen=True, eq=False)
class Clause:
    """One alternative of one detector's pattern; what follows from it is worked out once, not for each batch."""

    detector: Detector
    pattern: str
    need: Need

    @cached_property
    def at_once(self) -> bool:
        """True if its detector tells of many cells at once."""
        detector = self.detector
        return detector.bulk is not None or detector.sure is not None or detector.find is whole

    @cached_property
    def gate(self) -> str:
        """What tells it soonest from other text."""
        if self.need.token >= _TOKEN:
            return "token"
        if self.need.digits >= _DIGITS:
            return "digits"
        return "words" if self.worded else "itself"

    @cached_property
    def worded(self) -> bool:
        """True if words that it needs are worth looking for."""
        return bool(self.need.words) and all(map(_rare, self.need.words))


def _rare(word: str) -> bool:
    return len(word.encode()) >= 3 or "$" in word


@dataclass(frozen=True)
class Sieve:
    """Everything that some detectors' plain patterns need."""

    clauses: tuple[Clause, ...]

    @cached_property
    def detectors(self) -> dict[int, Detector]:
        """Every detector by its id: one's own may have no names, and hashing takes longer than to search some cells."""
        return {id(clause.detector): clause.detector for clause in self.clauses}

    @cached_property
    def _longest(self) -> int:
        return max(clause.need.length for clause in self.clauses)

    @cached_property
    def _known(self) -> dict[tuple[int, frozenset[str]], list[Clause]]:
        return {}

    def sift(
        self, cells: pl.DataFrame, usual: set[str], buffer: Buffer | None = None
    ) -> Iterator[tuple[Detector, pl.DataFrame]]:
        """Give each detector the cells its pattern matches in, if there are any.

        :param cells: columns ``place`` and ``text``
        :param usual: patterns that many cells of the column are for: they are asked by themselves, lest a gate that
            they share with others lets all cells pass; grows by what is found to be so
        :param buffer: of the same texts
        """
        import polars as pl

        found: dict[int, list[pl.DataFrame]] = defaultdict(list)
        buffer = Buffer(cells["text"]) if buffer is None else buffer
        clauses = self._possible(buffer)
        # Whoever decides many at once needs no gate where the column is full of what it looks for.
        known = frozenset(usual)  # another thread may add to it meanwhile
        full = {id(clause.detector) for clause in clauses if clause.pattern in known and clause.at_once}
        found.update({number: [cells] for number in full})
        clauses = [clause for clause in clauses if id(clause.detector) not in full]
        own = [clause for clause in clauses if clause.pattern in known]
        rest = [clause for clause in clauses if clause.pattern not in known]
        for clause, passed in (*((clause, cells) for clause in own), *_gated(cells, buffer, rest)):
            if len(passed) > max(FEW, _MANY * len(cells)):
                usual.add(clause.pattern)
            # Where few cells have what it needs, whoever validates may as well look at each of them.
            matched = containing(passed, ascii_pattern(clause.pattern)) if len(passed) > FEW else passed
            if len(matched):
                found[id(clause.detector)].append(matched)
        for number, frames in found.items():
            yield self.detectors[number], frames[0] if len(frames) == 1 else pl.concat(frames).unique("place")

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
        if (longest, there) not in self._known:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[longest, there] = [
                clause
                for clause in self.clauses
                if clause.need.length <= longest and all(there & wanted for wanted in clause.need.sets)
            ]
        return self._known[longest, there]


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


def containing(cells: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """The cells in which a pattern matches; a pattern of nothing matches in none."""
    import polars as pl

    return cells.filter(pl.col("text").str.contains(pattern)) if pattern and len(cells) else cells.clear()


def digits_in_a_row(count: int) -> str:
    """A pattern for so many digits with short gaps."""
    return rf"[0-9](?:[{_GAP}]{{0,{LONGEST_GAP}}}[0-9]){{{count - 1}}}"


def token_of(count: int) -> str:
    """A pattern for so many letters, digits, underscores and hyphens."""
    return rf"[0-9A-Za-z_\-]{{{count}}}"


def _gated(cells: pl.DataFrame, buffer: Buffer, clauses: list[Clause]) -> Iterator[tuple[Clause, pl.DataFrame]]:
    """Every clause with the cells that have what it needs."""
    if buffer.shapes is not None or _mostly_marked(cells):
        yield from _grouped(cells, buffer, clauses)
        return
    marked = containing(cells, _MARKED) if buffer.characters - PLAIN else cells.clear()
    yield from _grouped(marked, Buffer(marked["text"]), [clause for clause in clauses if clause.need.marked])
    yield from _grouped(cells, buffer, [clause for clause in clauses if not clause.need.marked])


def _mostly_marked(cells: pl.DataFrame) -> bool:
    """True if it spares little to look for cells without marks; the first cells tell, and decide nothing else."""
    first = cells.head(_HEAD)
    return len(containing(first, _MARKED)) > _NEARLY_ALL * len(first)


def _grouped(cells: pl.DataFrame, buffer: Buffer, clauses: list[Clause]) -> Iterator[tuple[Clause, pl.DataFrame]]:
    groups: dict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        # Codes and numbers have the digits and the length of others; it is the words that they do not have.
        groups["words" if clause.need.words and buffer.shapes is not None else clause.gate].append(clause)
    long = cells
    if groups["token"] and groups["digits"]:
        # Both at once: most cells of long text have neither.
        long = containing(cells, f"{token_of(_TOKEN)}|{digits_in_a_row(_DIGITS)}")
    yield from _tiers(long, groups["token"], lambda need: need.token, token_of)
    yield from _tiers(long, groups["digits"], lambda need: need.digits, digits_in_a_row)
    for kind in ("words", "itself"):
        yield from _further(cells, buffer, groups[kind])


def _tiers(
    cells: pl.DataFrame, clauses: list[Clause], count: Callable[[Need], int], gate: Callable[[int], str]
) -> Iterator[tuple[Clause, pl.DataFrame]]:
    """Clauses with the cells that have enough digits, or long enough a token, and what they need besides."""
    tiers: dict[int, list[Clause]] = defaultdict(list)
    for clause in clauses:
        tiers[max(step for step in _STEPS if step <= count(clause.need))].append(clause)
    for least in sorted(tiers):
        cells = containing(cells, gate(least))
        if len(cells):
            yield from _further(cells, Buffer(cells["text"]), tiers[least])


@lru_cache(maxsize=1024)
def _automaton(patterns: tuple[str, ...]) -> Any:
    """Any of some patterns, loosened, with room for more states than other engines have."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _STATES if len(patterns) > 1 else _STATES_OF_ONE
    loose = "|".join(f"(?:{looser(pattern, _COUNTED)})" for pattern in patterns)
    return re2.compile(by_line(loose).encode(), options)


def _further(cells: pl.DataFrame, buffer: Buffer, clauses: list[Clause]) -> Iterator[tuple[Clause, pl.DataFrame]]:
    """Clauses with the cells in which any of them may match and, if they need words, that have one of these."""
    if not clauses or not len(cells):
        return
    places = buffer.places(_automaton(tuple(clause.pattern for clause in clauses)), most=_MANY)
    passed = cells if places is None else cells[places]
    if len(passed):
        yield from _worded(passed, [clause for clause in clauses if clause.worded])
        others = [clause for clause in clauses if not clause.worded]
        yield from ((clause, passed) for clause in others) if places is None else _each(passed, others)


def _each(cells: pl.DataFrame, clauses: list[Clause]) -> Iterator[tuple[Clause, pl.DataFrame]]:
    """Clauses with the cells in which each may match by itself."""
    buffer = Buffer(cells["text"]) if len(cells) > _SOME else None
    for clause in clauses:
        places = None if buffer is None else buffer.places(_automaton((clause.pattern,)), most=1.0)
        if places is None or places:
            yield clause, cells if places is None else cells[places]


def _worded(cells: pl.DataFrame, clauses: list[Clause]) -> Iterator[tuple[Clause, pl.DataFrame]]:
    """Clauses with the cells that have one of their words, all looked for in one pass (Aho and Corasick, 1975)."""
    import polars as pl

    if not clauses or not len(cells):
        return
    of_word = _by_word(tuple(clauses))
    there = pl.col("text").str.to_lowercase().str.extract_many(list(of_word), overlapping=True)
    # Most cells have none: a list in Python for each of them would cost more than looking for the words.
    some = cells.lazy().select(there.alias("words")).with_row_index().filter(pl.col("words").list.len() > 0).collect()
    rows: dict[int, list[int]] = defaultdict(list)
    for row, words in some.iter_rows():
        for number in {number for word in words for number in of_word[word]}:
            rows[number].append(row)
    for number, places in rows.items():
        yield clauses[number], cells if len(places) == len(cells) else cells[places]


@lru_cache(maxsize=256)
def _by_word(clauses: tuple[Clause, ...]) -> dict[str, list[int]]:
    """Every word in order, with the clauses that need it or another."""
    of_word: dict[str, list[int]] = defaultdict(list)
    for number, clause in enumerate(clauses):
        for word in clause.need.words:
            of_word[word].append(number)
    return {word: of_word[word] for word in sorted(of_word)}
