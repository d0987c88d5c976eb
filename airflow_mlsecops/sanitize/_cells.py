"""What cells say: the one reading as text and as number that transformations share."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from airflow_mlsecops.scan.text import text_of

if TYPE_CHECKING:
    import polars as pl

_NUMBER = r"^\s*[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?\s*$"
_EXACT_INTEGERS = 2.0**63
_UTC = "+00:00"


def exact(cells: pl.Series) -> pl.Series:
    """Every cell as text, such that texts are equal if and only if values are; null where a cell cannot be read.

    A whole number is its digits whatever its type, so that 42, 42.0 and ``"42"`` are one value; so are a date and its
    ISO 8601 text. Text is what it is: no case and no Unicode form is folded.

    :param cells: of any type that is not nested; bytes are UTF-8 or cannot be read
    """
    import polars as pl

    try:
        text = _exact(cells)
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


def _exact(cells: pl.Series) -> pl.Series | None:
    import polars as pl

    kind = cells.dtype.base_type()
    if kind is pl.Object or cells.dtype.is_nested():
        return None
    if kind is pl.Binary:
        return _decoded(cells)
    if cells.dtype.is_float():
        return _floats(cells.cast(pl.Float64))
    if kind is pl.Decimal:
        return _trimmed(cells.cast(pl.String))
    if cells.dtype.is_temporal():
        return _moments(cells)
    return cells.cast(pl.String)


def _floats(number: pl.Series) -> pl.Series:
    """Whole numbers as their digits, all others as the shortest decimals that are read as the same number."""
    import polars as pl

    cell = pl.col("cell")
    whole = (cell == cell.floor()) & (cell.abs() < _EXACT_INTEGERS)
    digits = cell.cast(pl.Int64, strict=False).cast(pl.String)
    frame = number.alias("cell").to_frame()
    text = frame.select(pl.when(whole).then(digits).otherwise(cell.cast(pl.String))).to_series()
    far = text.str.contains("e", literal=True).fill_null(False).arg_true()
    return text.scatter(far, [_written_out(one) for one in number.gather(far).to_list()]) if len(far) else text


def _written_out(number: float) -> str:
    return str(int(number)) if number.is_integer() else format(Decimal(repr(number)), "f")


def _moments(cells: pl.Series) -> pl.Series | None:
    """ISO 8601, without the zeros at the end of a second, which only tell how finely a column counts; zones as UTC."""
    import polars as pl

    kind = cells.dtype.base_type()
    if kind is pl.Duration:
        return cells.dt.to_string("iso")
    if kind is pl.Time:
        return _trimmed(cells.dt.to_string("%H:%M:%S%.9f"))
    zoned = getattr(cells.dtype, "time_zone", None) is not None
    text = text_of(cells.dt.convert_time_zone("UTC") if zoned else cells)
    if text is None or not zoned:
        return None if text is None else _trimmed(text)
    return _trimmed(text.str.strip_suffix(_UTC)) + _UTC


def _trimmed(text: pl.Series) -> pl.Series:
    """Digits behind the point without the zeros at their end."""
    return text.str.replace(r"(\.[0-9]*?)0+$", "$1").str.strip_suffix(".")


def _decoded(cells: pl.Series) -> pl.Series:
    import polars as pl

    try:
        return cells.cast(pl.String)
    except pl.exceptions.PolarsError:
        return pl.Series([_utf8(cell) for cell in cells], dtype=pl.String)


def _utf8(cell: bytes | None) -> str | None:
    try:
        return None if cell is None else cell.decode()
    except UnicodeDecodeError:
        return None
