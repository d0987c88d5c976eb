"""JSON Lines: one object to a line, every name in each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.targets.text import all_ready, as_text

if TYPE_CHECKING:
    import polars as pl

_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_ROWS = 8_192


class JsonlWriter:
    """Numbers, truth and text as JSON has them, nested values as they are; everything else as its text."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._written = False

    def write(self, frame: pl.DataFrame) -> None:
        """Write the rows."""
        for piece in frame.iter_slices(_ROWS):
            self._stream.write(_lines(piece))
            self._written = self._written or bool(piece.height)

    def close(self) -> None:
        """Nothing is held.

        :raises SourceError: ``TARGET_CANNOT_HOLD`` if there were no rows: their columns could not be told
        """
        if not self._written:
            raise SourceError(
                "there are no rows, and JSON Lines cannot say which columns they would have: write Parquet or CSV",
                code="TARGET_CANNOT_HOLD",
            )

    def abandon(self) -> None:
        """Nothing is held."""


def _lines(frame: pl.DataFrame) -> bytes:
    columns = [_values(cells) for cells in frame.get_columns()]
    names = frame.columns
    return "".join(_ENCODE(dict(zip(names, row, strict=True))) + "\n" for row in zip(*columns, strict=True)).encode()


def _values(cells: pl.Series) -> list[Any]:
    import polars as pl

    kind = cells.dtype
    if kind == pl.String or kind == pl.Boolean or kind.is_integer():
        return cells.to_list()
    if kind.is_nested() or kind.is_float():
        return all_ready(cells)
    return as_text(cells).to_list()
