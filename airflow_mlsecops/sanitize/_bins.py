"""Numbers to the bins that they fall into."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# 0.3 / 0.1 is a little less than 3.
_ROUNDING = 1e-9
# Edges are counted in whole numbers of 64 bits.
_FARTHEST = 2.0**62


def decimal(number: float) -> Decimal:
    """The number as it is written: 0.1, not the binary fraction next to it; 10.0 is 10."""
    written = Decimal(str(number))
    return written.to_integral_value() if written == written.to_integral_value() else written


def places(number: float) -> int:
    """Digits behind its point."""
    exponent = decimal(number).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def bins(numbers: pl.Series, width: float) -> pl.Series:
    """The index of the bin that each number falls into; null for null, and where its edges have too many digits."""
    import polars as pl

    rounding = 0.0 if float(width).is_integer() else _ROUNDING
    index = (numbers / width + rounding).floor()
    return index.set(index.abs() > _FARTHEST / _scaled(width), None).cast(pl.Int64, strict=False)


def edge(index: pl.Expr, width: float, shift: int = 0) -> pl.Expr:
    """The lower edge of a bin as text, with as many digits behind the point as the width has.

    :param shift: added to it, in units of the last digit
    """
    import polars as pl

    units, digits = index * _scaled(width) + shift, places(width)
    text = units.abs().cast(pl.String).str.zfill(digits + 1)
    whole = text.str.head(-digits) + "." + text.str.tail(digits) if digits else text
    return pl.when(units < 0).then(pl.lit("-")).otherwise(pl.lit("")) + whole


def _scaled(width: float) -> int:
    """The width in units of its last digit."""
    return int(decimal(width).scaleb(places(width)))
