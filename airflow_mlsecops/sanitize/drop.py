"""The column goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from airflow_mlsecops.sanitize._cells import nulls
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl


class Drop(Transformation):
    """Leave the column out; inside nested cells, the field."""

    strength: ClassVar[int] = 100
    drops: ClassVar[bool] = True
    empties: ClassVar[bool] = True

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """Nulls, where a cell has to stand in the place of the field."""
        return nulls(cells, cells.dtype)


TRANSFORMATION = Drop
