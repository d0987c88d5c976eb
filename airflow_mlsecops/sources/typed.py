"""Cells in the type that their column declares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.words import printable
from airflow_mlsecops.sources.dialects import dialect_of
from airflow_mlsecops.sources.failure import attempt

if TYPE_CHECKING:
    import polars as pl

    from airflow_mlsecops.sources.query import Reading

V = TypeVar("V")

_INT64 = 1 << 63
_EXACT = 1 << 53  # whole numbers beyond are rounded by a float of 64 bits


@dataclass(frozen=True)
class Kind:
    """A type that a column may declare.

    :param name: for people
    :param cell: the cell as polars takes it, or ``None`` if it is of another type
    :param dtype: polars' type; called once polars is loaded
    """

    name: str
    cell: Callable[[Any], Any]
    dtype: Callable[[], Any]


def declared(reading: Reading, names: Sequence[str]) -> list[Kind | None]:
    """Kinds of the columns of rows under way; ``None`` for those that are text, or that no other kind here fits."""
    scheme = dialect_of(reading.query.database.dialect).scheme
    if scheme == "postgres":
        return [_postgres(column) for column in reading.description]
    if scheme == "sqlite":
        return _sqlite(reading, names)
    return [None for _ in names]


def typed_series(name: str, kind: Kind, cells: Sequence[object]) -> pl.Series:
    """A column of that kind.

    :raises SourceError: ``UNEXPECTED_TYPE`` if a cell is of another
    """
    import polars as pl

    values = [None if cell is None else kind.cell(cell) for cell in cells]
    misfits = sum(value is None and cell is not None for value, cell in zip(values, cells, strict=True))
    if misfits:
        raise SourceError(
            f"column {printable(name)} is declared {kind.name}, and {misfits:,} of {len(cells):,} cells are not: mend "
            "them, or declare the column text",
            code="UNEXPECTED_TYPE",
        )
    return attempt(lambda: pl.Series(name, values, kind.dtype()), f"column {printable(name)}")


def _integer(cell: Any) -> int | None:
    return int(cell) if type(cell) is int and -_INT64 <= cell < _INT64 else None


def _number(cell: Any) -> float | None:
    if type(cell) is int:
        return float(cell) if abs(cell) <= _EXACT else None
    return cell if isinstance(cell, float) else None


def _truth(cell: Any) -> bool | None:
    return bool(cell) if isinstance(cell, int) and cell in (0, 1) else None


def _bytes(cell: Any) -> bytes | None:
    return bytes(cell) if isinstance(cell, bytes | bytearray | memoryview) else None


def _decimal(cell: Any) -> Decimal | None:
    return cell if isinstance(cell, Decimal) and cell.is_finite() else None


def _day(cell: Any) -> date | None:
    if isinstance(cell, str):
        return _read(date.fromisoformat, cell)
    return cell if isinstance(cell, date) and not isinstance(cell, datetime) else None


def _moment(cell: Any) -> datetime | None:
    found = _read(datetime.fromisoformat, cell) if isinstance(cell, str) else cell
    return found if isinstance(found, datetime) and found.tzinfo is None else None


def _instant(cell: Any) -> datetime | None:
    found = _read(datetime.fromisoformat, cell) if isinstance(cell, str) else cell
    if not isinstance(found, datetime) or found.tzinfo is None:
        return None
    try:
        return found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _read(parse: Callable[[str], V], cell: str) -> V | None:
    # Seven digits of a second and more would be cut in silence.
    if len(cell.replace(",", ".").partition(".")[2].partition("+")[0].partition("-")[0].rstrip("Z")) > 6:
        return None
    try:
        return parse(cell)
    except ValueError:
        return None


def _polars(name: str, *arguments: Any) -> Callable[[], Any]:
    def dtype() -> Any:
        import polars as pl

        return getattr(pl, name)(*arguments)

    return dtype


_INTEGER = Kind("a whole number of 64 bits", _integer, _polars("Int64"))
_NUMBER = Kind("a number", _number, _polars("Float64"))
_TRUTH = Kind("true or false", _truth, _polars("Boolean"))
_BLOB = Kind("bytes", _bytes, _polars("Binary"))
_DATE = Kind("a date", _day, _polars("Date"))
_MOMENT = Kind("a date and time without zone", _moment, _polars("Datetime", "us"))
_INSTANT = Kind("a date and time with zone", _instant, _polars("Datetime", "us", "UTC"))

# https://www.postgresql.org/docs/current/catalog-pg-type.html: their numbers are the same in every database.
_NUMERIC = 1700
_OIDS = {
    16: _TRUTH,
    17: _BLOB,
    **dict.fromkeys((20, 21, 23, 26), _INTEGER),
    **dict.fromkeys((700, 701), _NUMBER),
    1082: _DATE,
    1114: _MOMENT,
    1184: _INSTANT,
}


def _postgres(column: Sequence[Any]) -> Kind | None:
    """By PEP 249's description of a column: name, type, two sizes, precision, scale."""
    precision, scale = column[4], column[5]
    if column[1] == _NUMERIC and precision and 0 <= (scale or 0) <= precision <= 38:
        return Kind("a finite decimal", _decimal, _polars("Decimal", precision, scale or 0))
    return _OIDS.get(column[1])


def _sqlite(reading: Reading, names: Sequence[str]) -> list[Kind | None]:
    *schema, table = reading.query.names
    rows = reading.ask("SELECT name, type FROM pragma_table_xinfo(?, ?)", (table, *schema))
    types = {str(name): _affinity(str(kind).upper()) for name, kind in rows}
    return [types.get(name) for name in names]


def _affinity(kind: str) -> Kind | None:
    """By the words that SQLite itself looks for, and those that people write for dates and truth.

    https://www.sqlite.org/datatype3.html
    """
    words = (
        (("INT",), _INTEGER),
        (("CHAR", "CLOB", "TEXT"), None),
        (("BLOB",), _BLOB),
        (("REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL"), _NUMBER),
        (("BOOL",), _TRUTH),
        (("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"), _INSTANT),
        (("TIMESTAMP", "DATETIME"), _MOMENT),
        (("DATE",), _DATE),
    )
    return next((found for parts, found in words if any(part in kind for part in parts)), None)
