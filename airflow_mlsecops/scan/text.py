"""The text that every cell of a column is read as."""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    import polars as pl

# Invisible characters split a number for the machine and leave it whole for the eye.
_CONTROLS = r"\x00-\x08\x0e-\x1f\x7f"
_INVISIBLE = rf"[\p{{Cf}}\p{{Default_Ignorable_Code_Point}}{_CONTROLS}]"
# JSON writes any character so, and some writers each + and @; where JSON is not read as such, it is read as this.
_ESCAPED = {rf"\u{code:04{case}}": chr(code) for code in range(0x20, 0x7F) for case in "xX"}
# So do addresses (RFC 3986, section 2.1) and HTML.
_IN_ADDRESSES, _IN_HTML = r"%[2-7][0-9A-Fa-f]", r"&(?:#|[a-z]{2,8};)"
WRITTEN = (r"\\u00[2-7][0-9A-Fa-f]", _IN_ADDRESSES, _IN_HTML)
"""Ways to write a character by its code, each of which begins with a sign of its own."""
_FOREIGN = "|".join((f"[{_CONTROLS}]", *WRITTEN))
_ODD = re.compile(_FOREIGN)
# Accents, enclosing keycaps and the like; on a letter they make another letter, on a digit nothing.
_MARKED_DIGIT = r"([0-9])\p{M}+"
_EXACT_INTEGERS = 2.0**63
# Up to so many cells are sooner asked in Python.
_FEW = 2_048


def text_of(column: pl.Series) -> pl.Series | None:
    """Read every cell as text: null where it is null or cannot be read, and ``None`` if no cell can.

    Numbers become their digits, moments ISO 8601, nested values one line a leaf. Text beyond ASCII is folded (NFKC,
    decimal digits of all scripts, invisible characters, NULs), so that full-width digits are digits.
    """
    import polars as pl

    try:
        text = _raw(column)
    # A date beyond the year 262,000 panics, which is no Exception.
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    # What polars writes of a number needs no folding; to ask it of a million costs a tenth of a second.
    return text if text is None or column.dtype.is_numeric() else _fold(text)


def _raw(column: pl.Series) -> pl.Series | None:
    import polars as pl

    kind = column.dtype.base_type()
    if kind is pl.Object:
        return None
    if kind is pl.String:
        return column
    if kind is pl.Boolean:
        return column.cast(pl.Int8).cast(pl.String)
    if kind in (pl.Float32, pl.Float64):
        return _floats(column.cast(pl.Float64))
    if kind is pl.Decimal:
        return column.cast(pl.String).str.replace(r"\.0*$", "")
    if kind in (pl.Date, pl.Datetime) and not within_calendar(column):
        return column.set(_beyond(column), None).cast(pl.String)
    if kind is pl.Duration:
        return column.cast(pl.Int64).cast(pl.String)
    if kind is pl.Binary:
        return _decoded(column)
    if kind is pl.Struct:
        # By place: polars takes a name such as "^a$" for a pattern of names.
        return _lines(column, [(field.name, field.alias("")) for field in column.struct.unnest().get_columns()])
    if kind is pl.Array:
        return _listed(column.arr.to_list())
    return _listed(column) if kind is pl.List else column.cast(pl.String)


def within_calendar(moments: pl.Series) -> bool:
    """True if each has a year that can be written; far cheaper than to write them all."""
    import polars as pl

    most = _furthest(moments.dtype)
    if most is None:
        return True
    numbers = moments.cast(pl.Int64)
    first, last = numbers.min(), numbers.max()
    return first is None or bool(-most <= first and last <= most)  # type: ignore[operator]


def _beyond(moments: pl.Series) -> pl.Series:
    import polars as pl

    most = _furthest(moments.dtype)
    if most is None:
        return pl.Series([False], dtype=pl.Boolean)
    return moments.to_physical().is_between(-most, most).not_()


def _furthest(dtype: pl.DataType) -> int | None:
    """How far from 1970 a moment may be, in what it is counted in; ``None`` if none can be too far."""
    import polars as pl

    unit = getattr(dtype, "time_unit", "day")
    return _YEARS * 365 * _DAY[unit] if dtype.base_type() in (pl.Date, pl.Datetime) and unit in _DAY else None


# In nanoseconds every moment has a year.
_DAY = {"day": 1, "ms": 86_400_000, "us": 86_400_000_000}
_YEARS = 260_000


def _floats(column: pl.Series) -> pl.Series:
    """Identifiers that were read as floats lose their ``.0``."""
    import polars as pl

    number = pl.col("number")
    integral = (number == number.floor()) & (number.abs() < _EXACT_INTEGERS)
    digits = number.cast(pl.Int64, strict=False).cast(pl.String)
    frame = column.alias("number").to_frame()
    return frame.select(pl.when(integral).then(digits).otherwise(number.cast(pl.String))).to_series()


def _decoded(column: pl.Series) -> pl.Series:
    import polars as pl

    try:
        return column.cast(pl.String)
    except pl.exceptions.PolarsError:
        return pl.Series([_utf8(cell) for cell in column], dtype=pl.String)


def _utf8(cell: bytes | None) -> str | None:
    try:
        return None if cell is None else cell.decode()
    except UnicodeDecodeError:
        return None


def _lines(column: pl.Series, fields: list[tuple[str, pl.Series]]) -> pl.Series | None:
    """A struct as lines ``field: text``; a cell with an unreadable leaf is unreadable as a whole."""
    import polars as pl

    texts = []
    for index, (name, field) in enumerate(fields):
        leaf = _readable(field)
        if leaf is None:
            return None
        texts.append((pl.lit(f"{name}: ") + pl.lit(leaf)).alias(str(index)))
    present = pl.lit(column.is_not_null())
    together = pl.concat_str(texts, separator="\n") if texts else pl.lit("")
    return pl.select(pl.when(present).then(together)).to_series()


def _listed(column: pl.Series) -> pl.Series | None:
    """A list as one line for each of its leaves."""
    import polars as pl

    rows = pl.DataFrame({"row": pl.int_range(len(column), eager=True), "cell": column})
    filled = rows.filter(pl.col("cell").list.len() > 0)
    leaves = filled.explode("cell")
    leaf = _readable(leaves["cell"])
    if leaf is None:
        return None
    joined = (
        leaves.select("row", leaf.alias("text")).group_by("row").agg(pl.col("text").str.join("\n", ignore_nulls=False))
    )
    filler = pl.when(pl.col("cell").list.len() == 0).then(pl.lit(""))
    return (
        rows.select("row", filler.alias("empty"))
        .join(joined, on="row", how="left", maintain_order="left")
        .select(pl.coalesce("text", "empty"))
        .to_series()
    )


def _readable(leaf: pl.Series) -> pl.Series | None:
    """The leaf's text with its nulls as nothing, so that null means unreadable and nothing else."""
    import polars as pl

    text = _raw(leaf)
    if text is None:
        return None
    return pl.select(pl.when(pl.lit(leaf.is_null())).then(pl.lit("")).otherwise(pl.lit(text))).to_series()


def _fold(text: pl.Series) -> pl.Series:
    if len(text) <= _FEW and _is_plain("".join(filter(None, text.to_list()))):
        return text
    # UTF-16 that was stored as bytes is text with a NUL after each letter.
    foreign = ((text.str.len_bytes() != text.str.len_chars()) | text.str.contains(_FOREIGN)).fill_null(False)
    if not foreign.any():
        return text
    # In JSON inside JSON each backslash stands twice.
    plain = text.filter(foreign).str.replace_all(r"\\+u00", r"\u00", literal=False)
    plain = plain.str.replace_many(list(_ESCAPED), list(_ESCAPED.values()))
    encoded = plain.str.contains(f"{_IN_ADDRESSES}|{_IN_HTML}").arg_true()
    if len(encoded):
        plain = plain.scatter(encoded, [_with_decoded(cell) for cell in plain.gather(encoded).to_list()])
    folded = plain.str.normalize("NFKC").str.replace_all(_INVISIBLE, "")
    folded = folded.str.replace_many(*_foreign_characters()).str.replace_all(_MARKED_DIGIT, "${1}")
    # scatter writes in place: into a copy, since the column belongs to the caller.
    return text.clone().scatter(foreign.arg_true(), folded)


def _with_decoded(cell: str) -> str:
    """The text as it stands, which a password in an address has to, and below it what it says once decoded."""
    said = html.unescape(unquote(cell))
    return cell if said == cell else f"{cell}\n{said}"


def _is_plain(text: str) -> bool:
    return text.isascii() and _ODD.search(text) is None


@cache
def _foreign_characters() -> tuple[list[str], list[str]]:
    """Decimal digits of every script, and dashes, with what ASCII has for them."""
    characters = [chr(point) for point in range(0x80, sys.maxunicode + 1)]
    digits = {c: str(unicodedata.decimal(c)) for c in characters if unicodedata.category(c) == "Nd"}
    dashes = {c: "-" for c in characters if unicodedata.category(c) == "Pd" or c == "\u2212"}
    table = digits | dashes
    return list(table), list(table.values())
