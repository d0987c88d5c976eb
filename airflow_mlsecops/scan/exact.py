"""The text that tells values apart: two cells are the same value if, and only if, they have the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.scan.text import within_calendar

if TYPE_CHECKING:
    import polars as pl

_EXACT_INTEGERS = 2.0**63
_NANOSECONDS = {"ns": 1, "us": 1_000, "ms": 1_000_000}


def exact_text(cells: pl.Series, name: str) -> pl.Series:
    """The text of every cell, whatever type its batch has; null stays null.

    Nothing is folded: what looks alike is not the same. A whole number is its digits in every numeric type, a moment
    is ISO 8601 in UTC without trailing zeros, truth is ``true`` or ``false``; of nested values every leaf has its
    length before it, so that no two of them read the same. A fraction of 32 bits is another number than that of 64.

    :param name: of the column, for the error
    :raises SourceError: ``UNREADABLE`` for cells that have no text, such as Python objects
    """
    import polars as pl

    try:
        return _text(cells)
    # What is beyond the calendar panics, which is no Exception.
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise SourceError(
            f"column {name}: cells of type {cells.dtype.base_type()} cannot be told apart by their text; convert the "
            "column to text or numbers",
            code="UNREADABLE",
        ) from None


def _text(cells: pl.Series) -> pl.Series:
    import polars as pl

    kind: Any = cells.dtype.base_type()
    if kind is pl.Struct:
        return _struct(cells)
    if kind is pl.List:
        return _list(cells)
    if kind is pl.Array:
        return _list(cells.arr.to_list())
    if kind is getattr(pl, "Map", None):
        entry: Any = cells.dtype
        return _list(cells.cast(pl.List(pl.Struct({"key": entry.key, "value": entry.value}))))
    if issubclass(kind, getattr(pl, "BaseExtension", ())):
        return _text(cells.ext.storage())
    return _leaf(cells, kind)


def _leaf(cells: pl.Series, kind: Any) -> pl.Series:
    import polars as pl

    if kind.is_float():
        return _floats(cells.cast(pl.Float64))
    if kind is pl.Decimal:
        text = cells.cast(pl.String)
        fraction = pl.when(pl.lit(text).str.contains(".", literal=True))
        return pl.select(
            fraction.then(pl.lit(text).str.strip_chars_end("0").str.strip_chars_end(".")).otherwise(text)
        ).to_series()
    if kind is pl.Datetime:
        return _moments(cells)
    if kind in (pl.Time, pl.Duration):
        # Their own text leaves out what is below a millisecond, or tells a unit.
        unit = _NANOSECONDS[getattr(cells.dtype, "time_unit", "ns")]
        count = pl.lit(cells.cast(pl.Int64)).cast(pl.Int128) * pl.lit(unit, dtype=pl.Int128)
        return pl.select(count.cast(pl.String) + pl.lit(" ns")).to_series()
    if kind is pl.Binary:
        return _bytes(cells)
    if kind is pl.Object or not within_calendar(cells):
        raise pl.exceptions.InvalidOperationError
    return cells.cast(pl.String)


def _floats(cells: pl.Series) -> pl.Series:
    """A whole number without its ``.0``, as an integer column of another batch has it; -0.0 is 0."""
    import polars as pl

    number = pl.col("number")
    whole = (number == number.floor()) & (number.abs() < _EXACT_INTEGERS)
    digits = number.cast(pl.Int64, strict=False).cast(pl.String)
    frame = cells.alias("number").to_frame()
    return frame.select(pl.when(whole).then(digits).otherwise(number.cast(pl.String))).to_series()


def _moments(cells: pl.Series) -> pl.Series:
    import polars as pl

    if not within_calendar(cells):
        raise pl.exceptions.InvalidOperationError
    kind: Any = cells.dtype
    zone = " UTC" if kind.time_zone else ""
    plain = cells.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if zone else cells
    # Each unit writes the fraction of a second with as many digits as it has.
    return plain.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".") + zone


def _bytes(cells: pl.Series) -> pl.Series:
    import polars as pl

    try:
        return cells.cast(pl.String)
    except pl.exceptions.PolarsError:
        return pl.Series([_decoded(cell) for cell in cells], dtype=pl.String)


def _decoded(cell: bytes | None) -> str | None:
    try:
        return None if cell is None else cell.decode()
    except UnicodeDecodeError:
        # Behind a code point that Unicode promises never to make a character, so that no text reads the same.
        return f"\uffff{cell.hex()}" if cell is not None else None


def _struct(cells: pl.Series) -> pl.Series:
    """Fields in the order of their names; one that is null is left out, as JSON Lines leave out what a batch lacks."""
    import polars as pl

    fields = sorted(cells.struct.unnest().get_columns(), key=lambda field: field.name)
    parts = [_token(pl.lit(field.name)) + _token(pl.lit(_text(field))) for field in fields]
    together = pl.concat_str([part.fill_null("") for part in parts]) if parts else pl.lit("")
    return pl.select(pl.when(pl.lit(cells.is_not_null())).then(pl.lit("{") + together)).to_series()


def _list(cells: pl.Series) -> pl.Series:
    import polars as pl

    rows = pl.DataFrame({"row": pl.int_range(len(cells), eager=True), "cell": cells})
    items = rows.filter(pl.col("cell").list.len() > 0).explode("cell")
    texts = items.select("row", _token(pl.lit(_text(items["cell"]))).fill_null("null").alias("text"))
    joined = texts.group_by("row", maintain_order=True).agg(pl.col("text").str.join(""))
    return (
        rows.join(joined, on="row", how="left", maintain_order="left")
        .select(pl.when(pl.col("cell").is_not_null()).then(pl.lit("[") + pl.col("text").fill_null("")))
        .to_series()
    )


def _token(text: pl.Expr) -> pl.Expr:
    """The text after its length, so that ``("ab", "c")`` and ``("a", "bc")`` never meet."""
    import polars as pl

    return text.str.len_bytes().cast(pl.String) + pl.lit(":") + text
