"""Which type of a database's holds a column of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.targets.columns import has_nanoseconds, plainly_named

if TYPE_CHECKING:
    import polars as pl


def postgres_type(kind: Any) -> str:
    """PostgreSQL's type; ``text`` for what it has none for, nested values among them."""
    import polars as pl

    if isinstance(kind, pl.Decimal):
        return f"numeric({kind.precision or 38}, {kind.scale})"
    if isinstance(kind, pl.Datetime):
        return "timestamp with time zone" if kind.time_zone else "timestamp"
    return _named(kind, _POSTGRES)


def sqlite_type(kind: Any) -> str:
    """A type that tells SQLite the affinity and readers the type; ``TEXT`` where numbers would be rounded.

    https://www.sqlite.org/datatype3.html
    """
    import polars as pl

    if isinstance(kind, pl.Datetime):
        return "TIMESTAMP WITH TIME ZONE" if kind.time_zone else "TIMESTAMP"
    return _named(kind, _SQLITE)


def in_microseconds(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with moments and times as databases keep them.

    :raises SourceError: ``TARGET_CANNOT_HOLD`` if there are nanoseconds to lose
    """
    import polars as pl

    lossy = [place for place, cells in enumerate(frame.get_columns(), start=1) if _loses(cells)]
    if lossy:
        raise SourceError(
            f"{plainly_named(lossy)} hold nanoseconds, databases keep microseconds: round them, or write Parquet",
            code="TARGET_CANNOT_HOLD",
        )
    moments = (cells for cells in frame.get_columns() if isinstance(cells.dtype, pl.Datetime))
    return frame.with_columns(cells.dt.cast_time_unit("us") for cells in moments)


def _loses(cells: pl.Series) -> bool:
    import polars as pl

    return cells.dtype in (pl.Datetime, pl.Time) and has_nanoseconds(cells)


def _named(kind: Any, names: dict[str, str]) -> str:
    return names.get(type(kind).__name__, "text")


_POSTGRES = {
    "Int8": "smallint",
    "Int16": "smallint",
    "Int32": "integer",
    "Int64": "bigint",
    "UInt8": "smallint",
    "UInt16": "integer",
    "UInt32": "bigint",
    "UInt64": "numeric(20, 0)",
    "Int128": "numeric(39, 0)",
    "UInt128": "numeric(39, 0)",
    "Float16": "real",
    "Float32": "real",
    "Float64": "double precision",
    "Boolean": "boolean",
    "Date": "date",
    "Time": "time",
    "Binary": "bytea",
}
_SQLITE = {
    **dict.fromkeys(("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32"), "INTEGER"),
    **dict.fromkeys(("Float16", "Float32", "Float64"), "REAL"),
    "Boolean": "BOOLEAN",
    "Date": "DATE",
    "Binary": "BLOB",
}
