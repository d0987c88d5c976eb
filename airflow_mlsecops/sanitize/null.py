"""Nothing stays of the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from airflow_mlsecops.sanitize._cells import nulls
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl


class Null(Transformation):
    """Empty the column, and keep it with its type, for programs that expect it to be there."""

    strength: ClassVar[int] = 95
    empties: ClassVar[bool] = True

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """Nulls of the type that the cells have."""
        return nulls(cells, cells.dtype)

    def shape(self) -> str:
        """A pattern that matches nothing: there is no cell left to match it."""
        return r"^[^\x{0}-\x{10FFFF}]$"


TRANSFORMATION = Null
