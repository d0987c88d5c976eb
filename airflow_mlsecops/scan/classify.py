"""What batches of rows hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Classification
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors import ruleset
from airflow_mlsecops.scan.header import hold_data, shown
from airflow_mlsecops.scan.hits import Hits
from airflow_mlsecops.scan.search import find
from airflow_mlsecops.scan.tally import Tally
from airflow_mlsecops.scan.view import View, views

if TYPE_CHECKING:
    import polars as pl


def classify(
    batches: Iterable[pl.DataFrame],
    detectors: Sequence[Detector],
    *,
    rows_present: int | None = None,
    hits: Hits | None = None,
    progress: Callable[[int], None] | None = None,
) -> Classification:
    """Read every cell of every batch, and say what each column holds.

    The answer does not depend on how rows are ordered or split into batches. The caller adds fingerprint and bytes.

    :param rows_present: rows there, as the source says; fewer rows read leave the classification incomplete
    :param hits: gathers keyed digests of what was found, for :func:`trace`
    :param progress: told the number of rows done after each batch
    """
    detectors, tally = tuple(detectors), Tally()
    for batch in batches:
        tally.rows += batch.height
        names = shown(batch.columns, detectors)
        for view in views(batch, detectors):
            _look(view, names[view.position], detectors, tally, hits)
        if progress is not None:
            progress(tally.rows)
    return tally.classification(ruleset(detectors), rows_present)


def _look(view: View, name: str, detectors: tuple[Detector, ...], tally: Tally, hits: Hits | None) -> None:
    tally.column(name, view.type, view.rows, view.nulls)
    if name != view.name and hold_data((view.name,), detectors):
        tally.header(name)
    if view.unreadable:
        tally.unreadable(name, view.unreadable, whole=view.text is None)
    found = tuple(find(view, detectors, gather=hits is not None))
    tally.see(name, found)
    if hits is not None:
        hits.add(name, found)
