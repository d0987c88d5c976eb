"""Few passes that leave each detector only the cells in which its pattern may match.

Hundreds of patterns in one alternation would fill the automaton's cache again and again. So a cell is asked first for
what patterns *need* (:mod:`airflow_mlsecops.scan.need`): digits in a row, a long token, certain words. Few patterns need
none of these; they are searched as they are. Every gate is derived from the patterns, none is written by hand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.need import GAP, LONGEST_GAP, OTHER, Need, alternatives, need
from airflow_mlsecops.scan.pattern import ascii_pattern, looser

if TYPE_CHECKING:
    import polars as pl

_MARKED = "[^A-Za-z ,.']"
# Beyond this many repetitions the states of several patterns together no longer fit the automaton's cache.
_COUNTED = 4
FEW = 512
"""Up to so many cells, asking each is cheaper than asking them together."""
_GAP = "".join(re.escape(sign) for sign in sorted(GAP))


@dataclass(frozen=True, slots=True)
class Clause:
    """One alternative of one detector's pattern."""

    detector: Detector
    pattern: str
    need: Need

    @property
    def gate(self) -> tuple[str, int]:
        """What tells it soonest from other text: a kind of gate and how much of it."""
        for kind, count, least in (
            ("token", self.need.token, 16),
            ("digits", self.need.digits, 9),
            ("words", self.worded, 1),
            ("token", self.need.token, 12),
            ("digits", self.need.digits, 6),
        ):
            if count >= least:
                return kind, int(count)
        return "itself", 0

    @property
    def worded(self) -> bool:
        """True if words that it needs are worth looking for."""
        return bool(self.need.words) and all(map(_rare, self.need.words))


def _rare(word: str) -> bool:
    return len(word.encode()) >= 3 or "$" in word


@dataclass(frozen=True, slots=True)
class Sieve:
    """Everything that some detectors' plain patterns need."""

    clauses: tuple[Clause, ...]

    def sift(self, cells: pl.DataFrame) -> Iterator[tuple[Detector, pl.DataFrame]]:
        """Give each detector the cells its pattern matches in, if there are any.

        :param cells: columns ``place`` and ``text``
        """
        import polars as pl

        found: dict[Detector, list[pl.DataFrame]] = defaultdict(list)
        there = characters(cells["text"])
        clauses = [clause for clause in self.clauses if all(there & wanted for wanted in clause.need.sets)]
        for clause, passed in _gated(cells, clauses):
            # Where few cells have what it needs, whoever validates may as well look at each of them.
            matched = containing(passed, ascii_pattern(clause.pattern)) if len(passed) > FEW else passed
            if len(matched):
                found[clause.detector].append(matched)
        for detector, frames in found.items():
            yield detector, frames[0] if len(frames) == 1 else pl.concat(frames).unique("place")


def characters(texts: pl.Series) -> frozenset[str]:
    """The characters that some texts consist of; ``OTHER`` stands for all beyond ASCII."""
    import numpy as np
    import polars as pl

    # In one piece, as Arrow has it, two bytes at once: half a nanosecond a byte.
    arrow = pl.DataFrame({"text": texts}).select(pl.col("text").str.join("")).to_series().to_arrow()
    raw = np.frombuffer(arrow.cast("large_string").buffers()[2] or b"", np.uint8)
    even = raw[: len(raw) // 2 * 2].view(np.uint16)
    pairs = np.zeros(1 << 16, bool)
    pairs[even] = True
    seen = np.flatnonzero(pairs)
    codes = {*(seen & 0xFF).tolist(), *(seen >> 8).tolist(), *raw[-1:].tolist()}
    return frozenset(chr(code) if code < ord(OTHER) else OTHER for code in codes)


def _gated(cells: pl.DataFrame, clauses: list[Clause]) -> Iterator[tuple[Clause, pl.DataFrame]]:
    """Every clause with the cells that have what it needs."""
    marked = containing(cells, _MARKED)
    groups: dict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        groups[clause.gate[0]].append(clause)
    yield from _tiers(marked, groups["digits"], digits_in_a_row)
    yield from _tiers(cells, groups["token"], token_of)
    for some, among in ((True, marked), (False, cells)):
        yield from _worded(among, [clause for clause in groups["words"] if clause.need.marked is some])
        yield from _itself(among, [clause for clause in groups["itself"] if clause.need.marked is some])


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


def _tiers(
    cells: pl.DataFrame, clauses: list[Clause], gate: Callable[[int], str]
) -> Iterator[tuple[Clause, pl.DataFrame]]:
    """Clauses with the cells that have enough digits, or long enough a token, and what they need besides."""
    tiers: dict[int, list[Clause]] = defaultdict(list)
    for clause in clauses:
        tiers[clause.gate[1]].append(clause)
    for least in sorted(tiers):
        cells = containing(cells, gate(least))
        if not len(cells):
            return
        yield from _worded(cells, [clause for clause in tiers[least] if clause.worded])
        yield from _itself(cells, [clause for clause in tiers[least] if not clause.worded])


def _itself(cells: pl.DataFrame, clauses: list[Clause]) -> Iterator[tuple[Clause, pl.DataFrame]]:
    """Clauses with the cells in which any of them may match."""
    if len(clauses) > 2 and len(cells) > FEW:
        cells = containing(cells, "|".join(f"(?:{looser(clause.pattern, _COUNTED)})" for clause in clauses))
    yield from ((clause, cells) for clause in clauses if len(cells))


def _worded(cells: pl.DataFrame, clauses: list[Clause]) -> Iterator[tuple[Clause, pl.DataFrame]]:
    """Clauses with the cells that have one of their words, all looked for in one pass (Aho and Corasick, 1975)."""
    import polars as pl

    if not clauses or not len(cells):
        return
    of_word: dict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        for word in clause.need.words:
            of_word[word].append(clause)
    words = sorted(of_word)
    if len(cells) > FEW:
        cells = containing(cells, _any_word(words))
    if not len(cells):
        return
    lower = pl.col("text").str.to_lowercase().str.extract_many(words, overlapping=True)
    found = cells.select("place", lower.alias("word")).explode("word").drop_nulls("word").unique()
    places: dict[Clause, list[pl.Series]] = defaultdict(list)
    for (word,), group in found.partition_by("word", as_dict=True).items():
        for clause in of_word[str(word)]:
            places[clause].append(group["place"])
    for clause, several in places.items():
        yield clause, _at(cells, several[0] if len(several) == 1 else pl.concat(several).unique())


def _any_word(words: list[str]) -> str:
    """A pattern for any of some words, in any case."""
    plain = [word for word in words if word.isascii()]
    # A word that holds another is found with it.
    shortest = sorted(word for word in plain if not any(other in word for other in plain if other != word))
    ascii_words = f"(?i-u:{'|'.join(map(re.escape, shortest))})" if shortest else ""
    # Cases of other scripts are told by whoever lowers them: here any letter beyond ASCII will do.
    return "|".join(part for part in (ascii_words, "" if len(plain) == len(words) else r"[^\x00-\x7F]") if part)


def _at(cells: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """The cells at some of their places."""
    import polars as pl

    return cells if len(places) == len(cells) else cells.filter(pl.col("place").is_in(places.implode()))
