"""The running counts behind a classification."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from airflow_mlsecops.core.classification import Classification, Column, How, Sighting, Skipped
from airflow_mlsecops.scan.search import STRENGTH, Found


class Tally:
    """Counts that grow batch by batch; sums only, so that neither order nor split of the rows matters."""

    def __init__(self) -> None:
        self.rows = 0
        self._columns: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self._sightings: dict[tuple[str, str], tuple[int, How]] = {}
        self._unreadable: dict[tuple[str, str], int] = defaultdict(int)
        self._headers: set[str] = set()

    def column(self, name: str, type_: str, rows: int, nulls: int) -> None:
        """Count a column's rows and nulls."""
        counts = self._columns[name, type_]
        counts[0] += rows
        counts[1] += nulls

    def unreadable(self, name: str, rows: int, *, whole: bool) -> None:
        """Count cells that could not be read, because of what they hold or because of their column's type."""
        self._unreadable["UNREADABLE_COLUMN" if whole else "UNREADABLE_CELLS", name] += rows

    def header(self, name: str) -> None:
        """Note a column whose name holds data."""
        self._headers.add(name)

    def see(self, column: str, found: Sequence[Found]) -> None:
        """Count the rows of a column in which each entity was found."""
        ordered = sorted(found, key=lambda one: one.detector.entity.name)
        for entity, group in groupby(ordered, key=lambda one: one.detector.entity.name):
            rows, how = _rows(list(group))
            known_rows, known_how = self._sightings.get((column, entity), (0, how))
            self._sightings[column, entity] = (known_rows + rows, max(how, known_how, key=STRENGTH.__getitem__))

    def classification(self, ruleset: str, rows_present: int | None) -> Classification:
        """Everything counted so far."""
        return Classification(
            columns=tuple(
                Column(name=name, type=type_, rows=rows, nulls=nulls)
                for (name, type_), (rows, nulls) in sorted(self._columns.items())
            ),
            sightings=tuple(
                Sighting(column=column, entity=entity, rows=rows, how=how)
                for (column, entity), (rows, how) in sorted(self._sightings.items())
            ),
            rows_scanned=self.rows,
            rows_present=rows_present,
            skipped=self._skipped(),
            ruleset=ruleset,
        )

    def _skipped(self) -> tuple[Skipped, ...]:
        headers = [
            Skipped(code="HEADER_HOLDS_DATA", detail=_DETAIL["HEADER_HOLDS_DATA"], column=name)
            for name in sorted(self._headers)
        ]
        unreadable = [
            Skipped(code=code, detail=_DETAIL[code], column=name, rows=rows)
            for (code, name), rows in sorted(self._unreadable.items())
        ]
        return tuple(headers + unreadable)


_DETAIL = {
    "HEADER_HOLDS_DATA": "the column's name is itself sensitive data, so the first row was likely taken as header: "
    "name the columns, or declare the file as having no header",
    "UNREADABLE_CELLS": "cells are not UTF-8 text: store them as text, or drop the column",
    "UNREADABLE_COLUMN": "cells of this type cannot be read as text: convert the column, or drop it",
}


def _rows(found: list[Found]) -> tuple[int, How]:
    """How many rows several patterns found together, and the weakest proof that any of those rows rests on.

    A row rests on its strongest proof; were it not decided row by row, the answer would depend on the batches.
    """
    import polars as pl

    if len(found) == 1:
        return len(found[0].rows), found[0].how
    ranks = pl.concat([pl.DataFrame({"row": one.rows}).with_columns(rank=STRENGTH[one.how]) for one in found])
    best = ranks.group_by("row").agg(pl.col("rank").min())
    return len(best), list(How)[max(best["rank"].to_list())]
