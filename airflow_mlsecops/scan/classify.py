"""What batches of rows hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Classification
from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors import ruleset
from airflow_mlsecops.scan.conclude import Weighed, conclude
from airflow_mlsecops.scan.header import hold_data, shown, shown_path
from airflow_mlsecops.scan.hits import Hits
from airflow_mlsecops.scan.naming import Names, names_of
from airflow_mlsecops.scan.nested import ANY_KEY
from airflow_mlsecops.scan.paths import name_of
from airflow_mlsecops.scan.sample import SIZE
from airflow_mlsecops.scan.search import Found, alike, denied, proven
from airflow_mlsecops.scan.tally import Tally
from airflow_mlsecops.scan.view import View, views_of

if TYPE_CHECKING:
    import polars as pl

# All samples together hold some sixty thousand values, however many columns there are.
_SAMPLED = 64 * SIZE
_FEWEST = 64

Usual = dict[str, set[str]]


def classify(
    batches: Iterable[pl.DataFrame],
    detectors: Sequence[Detector],
    *,
    rows_present: int | None = None,
    hits: Hits | None = None,
    progress: Callable[[int], None] | None = None,
    threads: int = 1,
) -> Classification:
    """Read every cell of every batch, and say what each column holds.

    The answer does not depend on how rows are ordered or split into batches, nor on the number of threads. The caller
    adds fingerprint and bytes.

    :param rows_present: rows there, as the source says; fewer rows read leave the classification incomplete
    :param hits: gathers keyed digests of what was found, for :func:`trace`
    :param progress: told the number of rows done after each batch
    :param threads: columns that are looked at side by side
    """
    return examine(batches, detectors, rows_present=rows_present, hits=hits, progress=progress, threads=threads)[0]


def examine(
    batches: Iterable[pl.DataFrame],
    detectors: Sequence[Detector],
    *,
    rows_present: int | None = None,
    hits: Hits | None = None,
    progress: Callable[[int], None] | None = None,
    threads: int = 1,
) -> tuple[Classification, tuple[Weighed, ...]]:
    """As :func:`classify`, with all evidence for and against what it says."""
    detectors, tally = tuple(detectors), Tally()
    names = names_of(detectors)
    usual: Usual = {}
    with ThreadPoolExecutor(threads) as pool:
        looking: Iterator[None] = iter(())
        for batch in batches:
            # The one before, which was looked at while this one was read.
            _finish(looking, tally, progress)
            scan = _Scan(detectors, names, hits, usual, batch.width)
            looking = _look(batch, tally, scan, pool.map if threads > 1 else _at_once)
        _finish(looking, tally, progress)
    concluded = conclude(tally, detectors, names, ruleset(detectors), rows_present)
    if hits is not None:
        hits.show(concluded.shown)
        for one in concluded.weighed:
            if one.clue.fit is not Fit.SAYS:
                hits.add(one.column, one.detector.entity.name, one.found)
    return concluded.classification, concluded.weighed


class _Scan:
    """What stays the same for all columns of a batch."""

    def __init__(
        self, detectors: tuple[Detector, ...], names: Names, hits: Hits | None, usual: Usual, width: int
    ) -> None:
        self.detectors = detectors
        self.names = names
        self.hits = hits
        self.usual = usual
        self.size = max(_FEWEST, min(SIZE, _SAMPLED // max(1, width)))


def _finish(looking: Iterator[None], tally: Tally, progress: Callable[[int], None] | None) -> None:
    for _ in looking:
        pass
    if progress is not None and tally.rows:
        progress(tally.rows)


def _at_once(look: Callable[[int], None], positions: Iterable[int]) -> Iterator[None]:
    """As a pool's ``map`` does, in this thread and now: two batches would take twice the memory."""
    for position in positions:
        look(position)
    return iter(())


def _look(
    batch: pl.DataFrame, tally: Tally, scan: _Scan, side_by_side: Callable[..., Iterator[None]]
) -> Iterator[None]:
    tally.rows += batch.height
    columns = shown(batch.columns, scan.detectors)
    tally.prepare(columns)
    for name, column in zip(columns, batch.columns, strict=True):
        if name != column and hold_data((column,), scan.detectors):
            tally.headers.add(name)
    # The largest first, so that no thread is left alone with it at the end.
    order = sorted(range(batch.width), key=lambda position: -batch.to_series(position).estimated_size())
    return side_by_side(
        lambda position: _look_column(batch.to_series(position), position, columns[position], tally, scan), order
    )


def _look_column(column: pl.Series, position: int, name: str, tally: Tally, scan: _Scan) -> None:
    for view in views_of(position, column):
        path = shown_path(name, column.name, view, scan.detectors)
        if any(hold_data((field,), scan.detectors) for field in view.fields):
            tally.headers.add(path)
        leaf = tally.leaf(name, path, loose=view.loose, size=scan.size, crowded=view.crowded)
        leaf.see(view)
        if view.unreadable and view.text is None:
            continue
        found = tuple(proven(view, scan.detectors, scan.names, gather=scan.hits is not None, usual=scan.usual))
        named, looks = _by_name(view, leaf.path, found, scan)
        leaf.find(view, named, looks)
        if view.loose:
            leaf.find(view, *_by_name(view, f"{name}.{ANY_KEY}", found, scan), nameless=True)
        if scan.hits is not None:
            for one in (*named, *looks):
                scan.hits.add(leaf.path, one.detector.entity.name, one.values)


def _by_name(
    view: View, path: str, found: tuple[Found, ...], scan: _Scan
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """What was proven under a path, and what looks like what the path says."""
    named = tuple(one for one in found if not (view.loose and denied(one.detector, scan.names, path)))
    return named, tuple(_alike(view, path, named, scan))


def _alike(view: View, path: str, found: Iterable[Found], scan: _Scan) -> Iterator[Found]:
    for detector in scan.names.said(name_of(path)):
        if detector.cell_pattern is not None:
            yield alike(view, detector, found, gather=scan.hits is not None)
