"""The running counts behind a classification."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.nested import PATHS
from airflow_mlsecops.scan.sample import Sample

if TYPE_CHECKING:
    import polars as pl

    from airflow_mlsecops.scan.search import Found
    from airflow_mlsecops.scan.view import View

_OTHER = ".{}"


class Counted:
    """Rows of one detector in one leaf: with a check passed, proven, and proven or alike; whether any were in text."""

    __slots__ = ("alike", "in_text", "proven", "validated")

    def __init__(self) -> None:
        self.validated = self.proven = self.alike = 0
        self.in_text = False

    def add(self, other: Counted) -> None:
        """Add another's rows."""
        self.validated += other.validated
        self.proven += other.proven
        self.alike += other.alike
        self.in_text |= other.in_text


class LeafTally:
    """Counts of one leaf of a column, and a sample of its values; no repr, since it holds data."""

    def __init__(self, column: str, path: str, sample: Sample, *, loose: bool) -> None:
        self.column = column
        self.path = path
        self.loose = loose
        self.types: set[str] = set()
        self.rows = self.nulls = self.unreadable = self.opened = 0
        self.unreadable_whole = False
        self.sample = sample
        self.counted: dict[Detector, Counted] = defaultdict(Counted)
        self.nameless: dict[Detector, Counted] = defaultdict(Counted)

    def see(self, view: View) -> None:
        """Count a view's rows and take in its values."""
        self.types.add(view.type)
        self.rows += view.rows
        self.nulls += view.nulls
        self.opened += view.opened
        self.unreadable += view.unreadable
        self.unreadable_whole |= view.unreadable > 0 and view.text is None
        if view.hashable:
            self.sample.add(view.cells, view.weight)

    def find(self, view: View, proven: Iterable[Found], alike: Iterable[Found], *, nameless: bool = False) -> None:
        """Count the rows in which detectors found something; a row counts once for an entity.

        :param nameless: as found without the names of keys, which all share one path where they are many
        """
        found = self.nameless if nameless else self.counted
        # What is checked comes first, so that a row rests on its strongest proof whatever the batch it comes in.
        ordered = sorted(proven, key=lambda one: (not one.detector.checked, one.detector.name))
        taken: dict[str, _Taken] = defaultdict(lambda: _Taken(view))
        for one in ordered:
            rows = taken[one.detector.entity.name].add(one.places)
            counted = found[one.detector]
            counted.proven += rows
            counted.alike += rows
            counted.validated += rows if one.detector.checked else 0
            if one.detector.tried:
                counted.in_text = counted.in_text or _in_text(view, one.places)
        for one in alike:
            found[one.detector].alike += taken[one.detector.entity.name].add(one.places)

    def merge(self, other: LeafTally) -> None:
        """Take in a leaf whose key is data, without what its name made of it."""
        self.types |= other.types
        self.rows += other.rows
        self.nulls += other.nulls
        self.opened += other.opened
        self.unreadable += other.unreadable
        self.unreadable_whole |= other.unreadable_whole
        self.sample.merge(other.sample)
        for detector, counted in other.nameless.items():
            self.counted[detector].add(counted)
            self.nameless[detector].add(counted)

    def skipped(self) -> Iterator[Skipped]:
        """What could not be read of it."""
        if self.unreadable:
            code = "UNREADABLE_COLUMN" if self.unreadable_whole else "UNREADABLE_CELLS"
            yield Skipped(code=code, detail=_DETAIL[code], column=self.path, rows=self.unreadable)


class Tally:
    """Counts that grow batch by batch; sums only, so that neither order nor split of the rows matters."""

    def __init__(self) -> None:
        self.rows = 0
        self.headers: set[str] = set()
        self._leaves: dict[str, dict[str, LeafTally]] = defaultdict(dict)
        self._full: set[str] = set()
        self.moved: dict[str, str] = {}

    def leaf(self, column: str, path: str, *, loose: bool, size: int, crowded: bool = False) -> LeafTally:
        """The counts of one leaf of a column."""
        leaves = self._leaves[column]
        many = crowded or (path not in leaves and loose and sum(leaf.loose for leaf in leaves.values()) >= PATHS)
        if many and column not in self._full:
            self.moved |= _put_together(leaves, column, size)
            self._full.add(column)
        # Not whoever has that path already: keys that are data share it, too.
        if loose and column in self._full:
            path = column + _OTHER
        if path not in leaves:
            leaves[path] = LeafTally(column, path, Sample(size), loose=loose)
        return leaves[path]

    def leaves(self) -> tuple[LeafTally, ...]:
        """Every leaf with anything in it, in name order."""
        every = [leaf for leaves in self._leaves.values() for leaf in leaves.values()]
        return tuple(sorted(every, key=lambda leaf: leaf.path))

    def skipped(self) -> tuple[Skipped, ...]:
        """What could not be looked at."""
        headers = [
            Skipped(code="HEADER_HOLDS_DATA", detail=_DETAIL["HEADER_HOLDS_DATA"], column=name)
            for name in sorted(self.headers)
        ]
        return (*headers, *(one for leaf in self.leaves() for one in leaf.skipped()))

    def prepare(self, columns: Iterable[str]) -> None:
        """Make room for columns, so that threads that each fill one of them share nothing."""
        for column in columns:
            self._leaves[column]


def _put_together(leaves: dict[str, LeafTally], column: str, size: int) -> dict[str, str]:
    """All paths that were read from the data become one: where each of them went."""
    other = LeafTally(column, column + _OTHER, Sample(size), loose=True)
    paths = [path for path, leaf in leaves.items() if leaf.loose]
    for path in paths:
        other.merge(leaves.pop(path))
    leaves[other.path] = other
    return dict.fromkeys(paths, other.path)


def _in_text(view: View, places: pl.Series) -> bool:
    """True if any of these cells is more than a number."""
    text = view.text
    return text is not None and not text.gather(places).str.contains(r"^\s*[0-9]+(?:\.0)?\s*$").all()


class _Taken:
    """Cells in which something was found already, and how many rows hold them."""

    __slots__ = ("_places", "_rows", "_view")

    def __init__(self, view: View) -> None:
        self._view = view
        self._places: pl.Series | None = None
        self._rows = 0

    def add(self, places: pl.Series) -> int:
        """Rows with a cell at these places that were not taken yet, and now are."""
        before = self._rows
        self._places = places if self._places is None else _united(self._places, places, len(self._view.cells))
        self._rows = self._view.count(self._places)
        return self._rows - before


def _united(one: pl.Series, two: pl.Series, of: int) -> pl.Series:
    """Places that are in either, in order."""
    import numpy as np
    import polars as pl

    there = np.zeros(of, bool)
    there[one.to_numpy()] = there[two.to_numpy()] = True
    return pl.Series(np.flatnonzero(there).astype(np.uint32))


_DETAIL = {
    "HEADER_HOLDS_DATA": "the column's name is itself sensitive data, so the first row was likely taken as header, or "
    "values as names of fields: name the columns, declare the file as having no header, or store the names as values",
    "UNREADABLE_CELLS": "cells are not UTF-8 text: store them as text, or drop the column",
    "UNREADABLE_COLUMN": "cells of this type cannot be read as text: convert the column, or drop it",
}
