"""Ages to bands of some years."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from airflow_mlsecops.sanitize._bins import bins, edge
from airflow_mlsecops.sanitize._cells import numbers
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl

_OLDEST = 130


class AgeBand(Transformation):
    """Leave a band of years: ``30-39``, and one for all who are old: ``90+``.

    Safe Harbor of HIPAA demands one category for all ages over 89 (45 CFR 164.514(b)(2)(i)(C)).

    Read are numbers and their text, of years completed; below 0 and above 130 there is no age.

    :param width: years in a band, 2 to 50
    :param top: the age from which on all are one band, a multiple of the width
    """

    strength: ClassVar[int] = 45
    recognisable: ClassVar[bool] = True
    coarser: ClassVar[bool] = True

    width: int = Field(10, ge=2, le=50)
    top: int = Field(90, ge=2, le=120)

    @model_validator(mode="after")
    def _whole_bands(self) -> AgeBand:
        if self.top % self.width:
            raise ValueError(f"top {self.top} is not a multiple of width {self.width}: the last band would be cut")
        return self

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The bands, as text."""
        import polars as pl

        age = numbers(cells)
        age = age.set((age < 0) | (age > _OLDEST), None)
        index = pl.col("bin")
        band = edge(index, self.width) + "-" + edge(index + 1, self.width, -1)
        old = index >= self.top // self.width
        some = bins(age, self.width).alias("bin").to_frame()
        return some.select(pl.when(old).then(pl.lit(f"{self.top}+")).otherwise(band)).to_series().alias(cells.name)

    def shape(self) -> str:
        """Two ages, or one with a plus sign."""
        return rf"^(?:[0-9]{{1,3}}-[0-9]{{1,3}}|{self.top}\+)$"


TRANSFORMATION = AgeBand
