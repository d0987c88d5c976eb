"""Which parent a value came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import NonNegativeInt

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.scan.header import shown, shown_path
from airflow_mlsecops.scan.hits import Hits
from airflow_mlsecops.scan.naming import names_of
from airflow_mlsecops.scan.search import Found, alike, proven
from airflow_mlsecops.scan.view import View, views_of

if TYPE_CHECKING:
    import polars as pl

_Pair = tuple[str, str]


class Trace(Frozen):
    """How much of what a column holds stands in one column of a parent too.

    :param column: of the dataset that was classified
    :param entity: what was found in it
    :param parent_column: where the parent holds most of the same values
    :param share: distinct values found there, of those compared
    :param compared: distinct values that were compared, never more than the limit of the hits
    """

    column: str
    entity: str
    parent_column: str
    share: float
    compared: NonNegativeInt


def trace(hits: Hits, batches: Iterable[pl.DataFrame], detectors: Sequence[Detector]) -> tuple[Trace, ...]:
    """Stream a parent against the hits of its child: the parent's best column for every column and entity.

    A parent's column names may differ, so every column is searched as if its name fitted.
    """
    known = hits.known()
    entities = {entity for _, entity in known}
    every = tuple(detectors)
    wanted = tuple(detector for detector in every if detector.entity.name in entities)
    shared: dict[tuple[_Pair, str], set[bytes]] = defaultdict(set)
    for batch in batches:
        names = shown(batch.columns, every)
        for position, column in enumerate(batch.iter_columns()):
            for view in views_of(position, column):
                # Keys of a parent's JSON may be data: its column says enough.
                path = names[position] if view.loose else shown_path(names[position], column.name, view, every)
                for found in _everywhere(view, wanted):
                    digests = set(hits.digests(found.detector.entity.name, found.values))
                    for pair, child in known.items():
                        if pair[1] == found.detector.entity.name:
                            shared[pair, path] |= child & digests
    return _best(shared, known)


def _everywhere(view: View, detectors: tuple[Detector, ...]) -> Iterator[Found]:
    """What detectors find in a column, whatever its name."""
    yield from proven(view, detectors, names_of(detectors), gather=True)
    for detector in detectors:
        if detector.cell_pattern is not None:
            yield alike(view, detector, gather=True)


def _best(shared: Mapping[tuple[_Pair, str], set[bytes]], known: Mapping[_Pair, frozenset[bytes]]) -> tuple[Trace, ...]:
    best: dict[_Pair, tuple[int, str]] = {}
    # In name order, so that of two columns that share as much the first by name is told.
    for (pair, name), digests in sorted(shared.items(), key=lambda item: item[0]):
        if len(digests) > best.get(pair, (0, ""))[0]:
            best[pair] = (len(digests), name)
    return tuple(
        Trace(
            column=pair[0],
            entity=pair[1],
            parent_column=name,
            share=matched / len(known[pair]),
            compared=len(known[pair]),
        )
        for pair, (matched, name) in sorted(best.items())
    )
