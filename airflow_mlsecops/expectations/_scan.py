"""What a batch holds, found by the very scan that a gate runs; knows no Great Expectations."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Classification, How, Sighting, Skipped
from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.expectations._looking import looking
from airflow_mlsecops.expectations._rows import Rows
from airflow_mlsecops.scan.nested import ANY_KEY

if TYPE_CHECKING:
    import polars as pl

    from airflow_mlsecops.core.detector import Detector
    from airflow_mlsecops.scan.view import View

Pair = tuple[str, str]

MOST_POSITIONS = 200
# Below the number of cells from which the scan looks at distinct values instead of rows.
_STEP = 2_000
# What stands in single cells; of values that are only alike, no row can be named.
_IN_CELLS = (How.VALIDATED, How.PATTERN, How.NAME)


@dataclass(frozen=True)
class Scan:
    """What a batch holds.

    :param classification: what was found, columns as they may be shown
    :param shown: how each column may be shown, by its own name; several where a name comes twice
    """

    classification: Classification
    shown: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        return f"Scan({len(self.shown)} columns)"

    def sightings(self, column: str) -> tuple[Sighting, ...]:
        """What was found in a column, inside its cells too."""
        return tuple(one for one in self.classification.sightings if self._belongs(one.column, column))

    def skipped(self, column: str) -> tuple[Skipped, ...]:
        """What was not looked at that may concern a column."""
        return tuple(one for one in self.classification.skipped if self._concerns(one, column))

    def _concerns(self, skipped: Skipped, column: str) -> bool:
        # Where one name is a cell, the others are cells of the same row.
        if skipped.column is None or skipped.code == "HEADER_HOLDS_DATA" or self._belongs(skipped.column, column):
            return True
        return not any(self._belongs(skipped.column, other) for other in self.shown)

    def _belongs(self, path: str, column: str) -> bool:
        roots = self.shown.get(column, ())
        return any(path == root or path.startswith((f"{root}.", f"{root}[")) for root in roots)


def scan(rows: Rows) -> Scan:
    """Classify every row."""
    from airflow_mlsecops.scan import examine

    sought, frames = looking(), _Watched(rows)
    detectors = sought.allowances.detectors(sought.detectors)
    present = rows.count()
    found = sought.allowances.apply(*examine(frames, detectors, rows_present=present, threads=_threads()))
    found = found.model_copy(update={"skipped": (*found.skipped, *rows.skipped)})
    return Scan(found, _shown(rows.names, frames.columns, detectors))


def positions(rows: Rows, wanted: Iterable[Sighting]) -> dict[Pair, tuple[int, ...]]:
    """The first rows that hold something, counted from 0 in the order in which they are read.

    :param wanted: what was found; left out is what no single cell proves
    """
    found: dict[Pair, list[int]] = {(one.column, one.entity): [] for one in wanted if one.how in _IN_CELLS}
    before = 0
    # A batch at a time, and of it as many rows as the scan does not put together.
    for frame in _slices(rows) if found else ():
        for pair, places in _places(frame, found):
            found[pair] = sorted({*found[pair], *(before + place for place in places)})[:MOST_POSITIONS]
        before += frame.height
        if all(len(places) >= MOST_POSITIONS for places in found.values()):
            break
    return {pair: tuple(places) for pair, places in found.items()}


class _Watched:
    """The frames of a batch, with the columns that they turn out to have."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.columns: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for frame in self._rows.frames():
            self.columns = tuple(frame.columns)
            yield frame


def _shown(
    names: tuple[str, ...], columns: tuple[str, ...], detectors: tuple[Detector, ...]
) -> dict[str, tuple[str, ...]]:
    from airflow_mlsecops.scan.header import shown

    roots: dict[str, tuple[str, ...]] = {}
    # What a frame has beyond its columns is an index, which nobody can ask for by name.
    for name, root in zip(names, shown(columns, detectors), strict=False):
        roots[name] = (*roots.get(name, ()), root)
    return roots


def _slices(rows: Rows) -> Iterator[pl.DataFrame]:
    with closing(rows.frames()) as frames:  # type: ignore[type-var]
        for frame in frames:
            yield from frame.iter_slices(_STEP)


def _places(frame: pl.DataFrame, wanted: Mapping[Pair, list[int]]) -> Iterator[tuple[Pair, list[int]]]:
    from airflow_mlsecops.scan.header import shown, shown_path
    from airflow_mlsecops.scan.view import views_of

    detectors = looking().detectors
    for name, (position, column) in zip(shown(frame.columns, detectors), enumerate(frame.iter_columns()), strict=True):
        if not any(path.startswith(name) for path, _ in wanted):
            continue
        for view in views_of(position, column):
            path = shown_path(name, column.name, view, detectors)
            for pair, rows in wanted.items():
                if len(rows) < MOST_POSITIONS and _is_shown_as(path, pair[0]):
                    yield pair, sorted(_rows_of(view, path, pair[1]))


def _is_shown_as(path: str, shown: str) -> bool:
    """True if a path may be the one that is shown so: what is taken for data is left out of it."""
    return path == shown or (
        ANY_KEY in shown and re.fullmatch(re.escape(shown).replace(re.escape(f".{ANY_KEY}"), r"\..+"), path) is not None
    )


def _rows_of(view: View, path: str, entity: str) -> set[int]:
    """Rows in which an entity stands, those left out in which all of it is allowed."""
    from airflow_mlsecops.scan.naming import names_of
    from airflow_mlsecops.scan.paths import name_of
    from airflow_mlsecops.scan.search import alike, proven

    sought = looking()
    names, own = names_of(sought.detectors), [one for one in sought.detectors if one.entity.name == entity]
    known = {one.name for one in own}
    detectors = tuple(one for one in sought.allowances.detectors(own) if one.name in known)
    found = list(proven(view, detectors, names, gather=False))
    named = [one for one in detectors if one.cell_pattern is not None and names.fit(one, name_of(path)) is Fit.SAYS]
    found += [alike(view, detector, gather=False) for detector in named]
    places = [place for one in found for place in one.places.to_list()]
    return set(places) if view.row is None else {int(view.row[place]) for place in places}


def _threads() -> int:
    """As a gate does: two columns side by side, where there are two processors."""
    return min(2, os.cpu_count() or 1)
