"""Numbers to intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from airflow_mlsecops.sanitize._bins import bins, decimal, edge, places
from airflow_mlsecops.sanitize._cells import numbers
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl

_MOST = 1e12


class NumberBin(Transformation):
    """Leave the interval that a number lies in: ``40000-49999``, or ``[0.5, 1.0)`` where the width is no whole number.

    Read are numbers and their decimal text without thousands separators and currency, which could be read in two ways.
    How few values share an interval nobody can tell beforehand: let k-anonymity be measured.

    :param width: of an interval, more than 0
    :param bottom: all below are one interval, ``<10000``; a multiple of the width
    :param top: all from there on are one interval, ``90000+``; a multiple of the width
    """

    strength: ClassVar[int] = 45
    recognisable: ClassVar[bool] = True
    coarser: ClassVar[bool] = True

    width: float = Field(ge=1e-6, le=_MOST)
    bottom: float | None = Field(None, ge=-_MOST, le=_MOST)
    top: float | None = Field(None, ge=-_MOST, le=_MOST)

    @model_validator(mode="after")
    def _whole_intervals(self) -> NumberBin:
        for name, bound in (("bottom", self.bottom), ("top", self.top)):
            if bound is not None and decimal(bound) % decimal(self.width):
                raise ValueError(f"{name} {bound} is not a multiple of width {self.width}: an interval would be cut")
        if self.bottom is not None and self.top is not None and self.bottom >= self.top:
            raise ValueError(f"bottom {self.bottom} is not below top {self.top}")
        return self

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The intervals, as text."""
        import polars as pl

        number = pl.col("number")
        interval = self._interval(pl.col("bin"))
        for bound, beyond, name in (
            (self.top, number >= (self.top or 0), f"{self._edge(self.top)}+"),
            (self.bottom, number < (self.bottom or 0), f"<{self._edge(self.bottom)}"),
        ):
            interval = interval if bound is None else pl.when(beyond).then(pl.lit(name)).otherwise(interval)
        read = numbers(cells)
        some = pl.DataFrame({"number": read, "bin": bins(read, self.width)})
        return some.select(interval).to_series().alias(cells.name)

    def shape(self) -> str:
        """Two edges, or one with a sign."""
        number = r"-?[0-9]+" if self._whole else rf"-?[0-9]+\.[0-9]{{{places(self.width)}}}"
        interval = f"{number}-{number}" if self._whole else rf"\[{number}, {number}\)"
        return rf"^(?:{interval}|<{number}|{number}\+)$"

    @property
    def _whole(self) -> bool:
        return float(self.width).is_integer()

    def _interval(self, index: pl.Expr) -> pl.Expr:
        import polars as pl

        first = edge(index, self.width)
        if self._whole:
            return first + "-" + edge(index + 1, self.width, -1)
        return pl.lit("[") + first + ", " + edge(index + 1, self.width) + ")"

    def _edge(self, bound: float | None) -> str:
        return "" if bound is None else f"{decimal(bound):.{places(self.width)}f}"


TRANSFORMATION = NumberBin
