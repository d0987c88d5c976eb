"""Columns that repeat a part of the values of another column of their table, as logins do that begin an address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.clues import Values
from airflow_mlsecops.scan.tally import LeafTally

# Fewer agree by chance.
_LEAST = 3


@dataclass(frozen=True, slots=True, repr=False)
class Parts:
    """Parts of the sampled values of a column; no repr, since it holds the data.

    :param share: of all distinct values of the column, those that were sampled
    """

    texts: frozenset[str]
    share: float

    def repeated(self, values: Values) -> int:
        """How many of some cells repeat a part: from two samples, an estimate of what the whole columns share."""
        same = sum(text in self.texts for text, _ in values.cells)
        return min(len(values.cells), round(same / self.share)) if same >= _LEAST else 0


class Echoes:
    """What may be repeated in each table, by detector."""

    def __init__(
        self, leaves: Iterable[LeafTally], values: Mapping[int, Values], detectors: Sequence[Detector]
    ) -> None:
        leaves = tuple(leaves)
        self._parts = {
            detector.name: [
                _parts(leaf, values[id(leaf)], detector.part) for leaf in leaves if _is_full_of(leaf, detector.repeats)
            ]
            for detector in detectors
            if detector.repeats
        }

    def repeated(self, detector: Detector, values: Values) -> int:
        """How many of a column's cells repeat a part of another's."""
        return max((parts.repeated(values) for parts in self._parts.get(detector.name, ())), default=0)


def _is_full_of(leaf: LeafTally, entity: str) -> bool:
    proven = sum(counted.proven for detector, counted in leaf.counted.items() if detector.entity.name == entity)
    return proven * 2 > leaf.rows - leaf.nulls


def _parts(leaf: LeafTally, values: Values, part: Callable[[str], str]) -> Parts:
    parts = {part(text) for text, _ in values.cells} - {""}
    every = frozenset(spelt for one in parts for spelt in (one, one.lower(), one.upper()))
    return Parts(every, min(1.0, len(values.cells) / max(1, leaf.sample.distinct)))
