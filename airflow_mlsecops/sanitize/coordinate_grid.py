"""Places to the cell of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from airflow_mlsecops.sanitize._bins import bins, edge, places
from airflow_mlsecops.sanitize._cells import exact, numbers
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl

_PAIR = r"^\s*\(?\s*([+-]?[0-9]{1,2}(?:\.[0-9]+)?)(?:\s*[,;]\s*|\s+)([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*\)?\s*$"


class CoordinateGrid(Transformation):
    """Round latitudes and longitudes down to a grid: ``52.5163`` becomes ``52.5``.

    A tenth of a degree of latitude is 11 km; of longitude it is less, and next to nothing at the poles.

    Read are decimal degrees, one in a cell or latitude and longitude (``52.5163, 13.3777``). Degrees with minutes, and
    what lies on no globe, become null.

    :param degrees: width of the grid, 0.01 to 90
    """

    strength: ClassVar[int] = 45
    recognisable: ClassVar[bool] = True
    coarser: ClassVar[bool] = True

    degrees: float = Field(0.1, ge=0.01, le=90)

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """Numbers where the cells are, text where they are text."""
        import polars as pl

        if cells.dtype.is_numeric():
            return self._rounded(numbers(cells), 180).cast(pl.Float64).alias(cells.name)
        text = exact(cells)
        alone = self._rounded(numbers(cells), 180)
        pairs = text.str.extract_groups(_PAIR).struct
        both = [self._rounded(pairs.field(place).cast(pl.Float64), most) for place, most in (("1", 90), ("2", 180))]
        together = pl.select(pl.concat_str(*map(pl.lit, both), separator=", ")).to_series()
        return alone.zip_with(alone.is_not_null(), together).alias(cells.name)

    def shape(self) -> str:
        """One number, or two with a comma between them."""
        # Of a column of numbers, zeros at the end may be written or not.
        digits = f"[0-9]{{1,{places(self.degrees)}}}" if places(self.degrees) else "0"
        number = rf"-?[0-9]{{1,3}}(?:\.{digits})?"
        return f"^{number}(?:, {number})?$"

    def _rounded(self, number: pl.Series, most: float) -> pl.Series:
        import polars as pl

        index = bins(number.set(number.abs() > most, None), self.degrees)
        return index.alias("bin").to_frame().select(edge(pl.col("bin"), self.degrees)).to_series()


TRANSFORMATION = CoordinateGrid
