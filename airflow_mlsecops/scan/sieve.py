"""Few passes that leave each detector only the cells in which its pattern matches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.pattern import looser

if TYPE_CHECKING:
    import polars as pl

# Beyond this many repetitions the states of all patterns together no longer fit the automaton's cache.
_COUNTED = 4
_NO_LITERAL = re.compile(r"\[(?:\\.|[^\]])*\]|\\.|\{[^}]*\}|\(\?[a-z-]+:?")
_WORD = re.compile(r"[A-Za-z:/@_-]{3,}")
_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Sieve:
    """The alternation of some detectors' loosened patterns, hence never less than each of them.

    :param pattern: of a cell that passes
    :param finer: sieves for what passes; none where one detector is left
    """

    pattern: str
    detectors: tuple[Detector, ...]
    finer: tuple[Sieve, ...] = ()

    def sift(self, cells: pl.DataFrame) -> Iterator[tuple[Detector, pl.DataFrame]]:
        """Give each detector the cells its pattern matches in, if there are any.

        :param cells: that passed this sieve already: columns ``row`` and ``text``
        """
        if not self.finer:
            yield self.detectors[0], cells
        for sieve in self.finer:
            passed = containing(cells, sieve.pattern)
            if len(passed):
                yield from sieve.sift(passed)


@lru_cache(maxsize=32)
def sieve_of(detectors: tuple[Detector, ...]) -> Sieve | None:
    """The coarsest sieve for the plain patterns of some detectors; ``None`` if there are no such patterns."""
    plain = [detector for detector in detectors if detector.pattern is not None]
    # Patterns of like make share states: those led by a word (AKIA), those with letters, those of digits alone.
    kinds = sorted({_make(detector) for detector in plain})
    groups = [_join([detector for detector in plain if _make(detector) == kind], None) for kind in kinds]
    if len(groups) <= 1:
        return groups[0] if groups else None
    coarsest = _join(plain, _COUNTED)
    return Sieve(coarsest.pattern, coarsest.detectors, tuple(groups))


def containing(cells: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """The cells in which a pattern matches."""
    import polars as pl

    return cells.filter(pl.col("text").str.contains(pattern))


def _join(detectors: Sequence[Detector], most: int | None) -> Sieve:
    leaves = tuple(Sieve(looser(detector.pattern or ""), (detector,)) for detector in detectors)
    if len(leaves) == 1 and most is None:
        return leaves[0]
    pattern = "|".join(f"(?:{looser(detector.pattern or '', most)})" for detector in detectors)
    return Sieve(pattern, tuple(detectors), leaves)


def _make(detector: Detector) -> int:
    literal = _NO_LITERAL.sub(" ", looser(detector.pattern or ""))
    if _WORD.search(literal):
        return 0
    required = re.sub(r"\[(?:\\.|[^\]])*\]\*", "", detector.pattern or "")
    return 1 if _LETTER.search(required) else 2
