"""What cells say: the one reading as text and as number that transformations share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from airflow_mlsecops.scan.exact import flat_text

if TYPE_CHECKING:
    import polars as pl

_NUMBER = r"^\s*[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?\s*$"


def exact(cells: pl.Series) -> pl.Series:
    """Every cell as text, such that texts are equal if and only if values are; null where a cell cannot be read.

    A whole number is its digits whatever its type, so that 42, 42.0 and ``"42"`` are one value; so are a date and its
    ISO 8601 text. Text is what it is: no case and no Unicode form is folded.

    :param cells: of any type that is not nested; bytes are UTF-8 or cannot be read
    """
    import polars as pl

    try:
        text = flat_text(cells)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        text = None
    return nulls(cells, pl.String) if text is None else text.alias(cells.name)


def exact_bytes(cells: pl.Series) -> pl.Series:
    """As :func:`exact`, in UTF-8; bytes are what they are, text or not."""
    import polars as pl

    return cells if cells.dtype == pl.Binary else exact(cells).cast(pl.Binary)


def numbers(cells: pl.Series) -> pl.Series:
    """Every cell as a number: null where it is none, nor the decimal text of one, nor finite."""
    import polars as pl

    if cells.dtype.is_numeric():
        number = cells.cast(pl.Float64)
    elif cells.dtype.is_temporal() or cells.dtype == pl.Boolean:
        number = nulls(cells, pl.Float64)
    else:
        text = exact(cells)
        plain = text.set(~text.str.contains(_NUMBER), None).str.strip_chars().str.strip_prefix("+")
        number = plain.cast(pl.Float64, strict=False)
    return number.set(~number.is_finite(), None).alias(cells.name)


def nulls(cells: pl.Series, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """As many nulls as there are cells."""
    import polars as pl

    return pl.Series(cells.name, [None], dtype=dtype).new_from_index(0, len(cells))


def by_value(cells: pl.Series, make: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """What is made of each distinct cell, wherever it stands; null stays null.

    :param make: told the distinct cells without nulls, says something for each of them
    """
    import polars as pl

    distinct = cells.unique(maintain_order=True).drop_nulls()
    made = make(distinct)
    if len(distinct) == len(cells):
        return made.alias(cells.name)
    known = pl.DataFrame({"cell": distinct, "made": made})
    joined = cells.alias("cell").to_frame().join(known, on="cell", how="left", maintain_order="left")
    return joined["made"].alias(cells.name)
