"""The text that tells values apart: two cells are the same value if, and only if, they have the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.scan.text import text_of

if TYPE_CHECKING:
    import polars as pl

_EXACT_INTEGERS = 2.0**63
_UTC = "+00:00"


def exact_text(cells: pl.Series, name: str) -> pl.Series:
    """The text of every cell, whatever type its batch has; null stays null.

    Nothing is folded: what looks alike is not the same. A whole number is its digits in every numeric type, a moment
    is ISO 8601, of a zone in UTC, without trailing zeros, truth is ``true`` or ``false``; of nested values every leaf
    has its length before it, so that no two of them read the same. A fraction of 32 bits is another number than that of
    64.

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


def flat_text(cells: pl.Series) -> pl.Series | None:
    """The same of cells that hold no further cells: null where one cannot be read, ``None`` if none can.

    :param cells: bytes are UTF-8, or cannot be read
    """
    import polars as pl

    kind = cells.dtype.base_type()
    if kind is pl.Object or cells.dtype.is_nested():
        return None
    if kind is pl.Binary:
        return _bytes(cells, lambda _: None)
    if cells.dtype.is_float():
        return _floats(cells.cast(pl.Float64))
    if kind is pl.Decimal:
        return _trimmed(cells.cast(pl.String))
    return _moments(cells) if cells.dtype.is_temporal() else cells.cast(pl.String)


def _leaf(cells: pl.Series, kind: Any) -> pl.Series:
    import polars as pl

    # Behind a code point that Unicode promises never to make a character, so that no text reads the same.
    text = _bytes(cells, lambda cell: f"\uffff{cell.hex()}") if kind is pl.Binary else flat_text(cells)
    if text is None or text.null_count() > cells.null_count():
        raise pl.exceptions.InvalidOperationError
    return text


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


def _bytes(cells: pl.Series, otherwise: Callable[[bytes], str | None]) -> pl.Series:
    import polars as pl

    try:
        return cells.cast(pl.String)
    except pl.exceptions.PolarsError:
        return pl.Series([_decoded(cell, otherwise) for cell in cells], dtype=pl.String)


def _decoded(cell: bytes | None, otherwise: Callable[[bytes], str | None]) -> str | None:
    try:
        return None if cell is None else cell.decode()
    except UnicodeDecodeError:
        return otherwise(cell) if cell is not None else None


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
