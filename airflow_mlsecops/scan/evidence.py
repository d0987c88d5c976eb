"""Everything that speaks for or against each kind of data in a column, found or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from airflow_mlsecops.core.classification import Classification, Sighting
from airflow_mlsecops.core.clue import Clue, Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.recognise import Weight, score, weigh
from airflow_mlsecops.core.whatif import Change, changes
from airflow_mlsecops.scan.allowances import NO_ALLOWANCES, Allowances
from airflow_mlsecops.scan.classify import examine
from airflow_mlsecops.scan.clues import Values, look, values_of
from airflow_mlsecops.scan.conclude import LIKELY, Weighed
from airflow_mlsecops.scan.header import shown, shown_path
from airflow_mlsecops.scan.naming import names_of
from airflow_mlsecops.scan.paths import name_of
from airflow_mlsecops.scan.sample import Sample
from airflow_mlsecops.scan.view import views_of

if TYPE_CHECKING:
    import polars as pl

# The scan does not ask a detector that no cells could convince; these few are asked for the explanation alone.
_FEW = 128


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """What one detector makes of one column; value-free.

    :param clue: as the scan counted; of a detector that the column's name rules out, from a few cells
    :param near: entities that the other columns of the table hold
    :param sighting: what the scan says; ``None``: not found
    """

    column: str
    detector: Detector
    clue: Clue
    weights: tuple[Weight, ...]
    near: frozenset[str]
    sighting: Sighting | None

    @property
    def bits(self) -> float | None:
        """The sum of all weights: a finding from 0 on; ``None`` if whole cells were not weighed."""
        return sum(weight.bits for weight in self.weights) if self.weights else None

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would change the answer."""
        return changes(self.clue, self.detector, self.near)


class Asked(NamedTuple):
    """Columns that were asked about.

    :param path: a column, or a path below it; everything below it is meant too. Empty: every column
    """

    path: str

    def means(self, leaf: str) -> bool:
        """True if this leaf was asked about."""
        return not self.path or leaf == self.path or leaf.startswith((f"{self.path}.", f"{self.path}[]"))

    def may_mean(self, column: str) -> bool:
        """True if a leaf of this column may have been asked about."""
        return self.means(column) or self.path.startswith(column)


def gather(
    batches: Iterable[pl.DataFrame],
    detectors: Sequence[Detector],
    asked: Asked,
    *,
    rows_present: int | None = None,
    progress: Callable[[int], None] | None = None,
    allowances: Allowances = NO_ALLOWANCES,
) -> tuple[Classification, tuple[Evidence, ...]]:
    """Classify a dataset, and say of every detector what it makes of the columns that were asked about.

    :param allowances: what does not count although it is found
    """
    every = allowances.detectors(detectors)
    samples: dict[str, Sample] = {}
    watched = _watched(batches, every, asked, samples)
    classified, weighed = examine(watched, every, rows_present=rows_present, progress=progress)
    found = allowances.apply(classified, weighed)
    # Beside them stand those that find what is allowed, which is told by the classification.
    names = {detector.name for detector in detectors}
    told = tuple(detector for detector in every if detector.name in names)
    leaves = [column.name for column in found.columns if asked.means(column.name)]
    return found, tuple(one for leaf in leaves for one in _of_leaf(leaf, samples.get(leaf), told, weighed))


def _watched(
    batches: Iterable[pl.DataFrame], detectors: tuple[Detector, ...], asked: Asked, samples: dict[str, Sample]
) -> Iterator[pl.DataFrame]:
    """The same batches; the leaves that were asked about are sampled in passing."""
    for batch in batches:
        names = shown(batch.columns, detectors)
        for position, column in enumerate(batch.iter_columns()):
            if not asked.may_mean(names[position]):
                continue
            for view in views_of(position, column):
                path = shown_path(names[position], column.name, view, detectors)
                if asked.means(path) and view.hashable:
                    samples.setdefault(path, Sample()).add(view.cells, view.weight)
        yield batch


def _of_leaf(
    leaf: str, sample: Sample | None, detectors: tuple[Detector, ...], weighed: Sequence[Weighed]
) -> Iterator[Evidence]:
    near = _near(leaf, weighed)
    known = {one.detector: one for one in weighed if one.column == leaf}
    values = values_of(sample.values(), sample.distinct) if sample else values_of(())
    few = replace(values, cells=values.cells[:_FEW])
    names = names_of(detectors)
    for detector in detectors:
        scanned = known.get(detector)
        clue = scanned.clue if scanned else _empty(detector, names.fit(detector, name_of(leaf)))
        clue = clue if clue.cells else _asked_anyway(clue, detector, few)
        sighting = scanned.sighting if scanned else None
        yield Evidence(leaf, detector, clue, weigh(clue, detector, near), near, sighting)


def _near(leaf: str, weighed: Iterable[Weighed]) -> frozenset[str]:
    """What the other columns hold, as far as each is sure by itself: as the scan sees it."""
    return frozenset(
        one.clue.entity
        for one in weighed
        if one.column != leaf and (one.clue.proven or score(weigh(one.clue, one.detector, ())) >= LIKELY)
    )


def _empty(detector: Detector, fit: Fit) -> Clue:
    return Clue(detector=detector.name, entity=detector.entity.name, fit=fit)


def _asked_anyway(clue: Clue, detector: Detector, values: Values) -> Clue:
    looked = look(detector, values, Fit.SAYS)
    counts = {"cells": looked.cells, "looks": looked.looks.cells, "known": looked.known.cells}
    return clue.model_copy(update=counts)
