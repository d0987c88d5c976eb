"""The one text of a cell, for formats and databases that have no type for it.

Numbers stand as their shortest exact decimals (``NaN``, ``inf``), truth as ``true`` and ``false``, dates and times as
ISO 8601 with the offset from UTC where there is a zone, bytes as UTF-8 with ``\\xff`` for what is none, and nested
values as JSON (RFC 8259).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.cells import text
from airflow_mlsecops.sources.targets.columns import has_nanoseconds

if TYPE_CHECKING:
    import polars as pl

_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_TIME = "%H:%M:%S%.f"
_MOMENT = f"%Y-%m-%dT{_TIME}"


def as_text(cells: pl.Series) -> pl.Series:
    """The same cells as text; null stays null."""
    import polars as pl

    kind = cells.dtype
    if kind == pl.Duration:
        return cells.dt.to_string("iso")
    if kind.is_temporal():
        return cells.dt.to_string(_pattern(cells))
    if kind == pl.Binary:
        return _decoded(cells)
    if kind.is_nested() or kind == pl.Object:
        dumps = (None if cell is None else _ENCODE(cell) for cell in all_ready(cells))
        return pl.Series(cells.name, list(dumps), pl.String)
    return cells.cast(pl.String)


def all_text(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column as text."""
    return frame.with_columns(as_text(cells) for cells in frame.get_columns())


def all_ready(cells: pl.Series) -> list[Any]:
    """Cells as JSON has them: numbers, truth, text, lists and objects; everything else as its text.

    :raises SourceError: ``TARGET_CANNOT_HOLD`` for nanoseconds within nested cells
    """
    if cells.dtype.is_nested() and has_nanoseconds(cells):
        raise SourceError(
            "nested cells hold nanoseconds, their text has microseconds: round them, or write Parquet",
            code="TARGET_CANNOT_HOLD",
        )
    return [_ready(cell) for cell in cells.to_list()]


def _ready(cell: Any) -> Any:
    if cell is None or isinstance(cell, bool | int | str):
        return cell
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else _word(cell)
    if isinstance(cell, Mapping):
        return {key if isinstance(key, str) else str(_ready(key)): _ready(value) for key, value in cell.items()}
    return [_ready(part) for part in cell] if isinstance(cell, list | tuple) else text(cell)


def _word(number: float) -> str:
    return "NaN" if math.isnan(number) else "inf" if number > 0 else "-inf"


def _pattern(cells: pl.Series) -> str:
    import polars as pl

    kind = cells.dtype
    if kind == pl.Date:
        return "%Y-%m-%d"
    if kind == pl.Time:
        return _TIME
    return f"{_MOMENT}{_offset(cells)}" if isinstance(kind, pl.Datetime) and kind.time_zone else _MOMENT


def _offset(cells: pl.Series) -> str:
    """Offsets to the minute, or to the second where local mean time was kept, before there were zones."""
    offset = (cells.dt.base_utc_offset() + cells.dt.dst_offset()).dt.total_seconds()
    return "%::z" if (offset % 60 != 0).any() else "%:z"


def _decoded(cells: pl.Series) -> pl.Series:
    import polars as pl

    try:
        return cells.cast(pl.String)
    except pl.exceptions.PolarsError:
        pass
    return pl.Series(cells.name, [None if cell is None else text(cell) for cell in cells.to_list()], pl.String)
