"""Some of the cells of a column."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from airflow_mlsecops.scan.buffer import Buffer

if TYPE_CHECKING:
    import polars as pl


class Part:
    """Cells, and where they stand among all of their column; no repr, since it holds data.

    :param texts: without nulls
    :param rows: counted from 0; all of them if not given
    :param buffer: of the same texts
    """

    def __init__(self, texts: pl.Series, rows: Sequence[int] | None = None, buffer: Buffer | None = None) -> None:
        self.texts = texts
        self.rows: Sequence[int] = range(len(texts)) if rows is None else rows
        if buffer is not None:
            self.buffer = buffer

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def buffer(self) -> Buffer:
        """Its texts, one after the other."""
        return Buffer(self.texts)

    def only(self, places: Sequence[int]) -> Part:
        """The cells at some places of it, in order."""
        if len(places) == len(self):
            return self
        return Part(self.texts[list(places)], [self.rows[place] for place in places])

    def matching(self, pattern: str) -> Part:
        """The cells in which a pattern matches."""
        return self.only(self.texts.str.contains(pattern).arg_true().to_list()) if len(self) else self
