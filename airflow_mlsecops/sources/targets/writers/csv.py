"""CSV as RFC 4180 has it, in UTF-8; lines end with a line feed alone.

Every cell is its text. An empty cell is null, and CSV knows no empty text: where it stood, null is read.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.targets.columns import plainly_named
from airflow_mlsecops.sources.targets.text import all_text

if TYPE_CHECKING:
    import polars as pl

# What readers try beside the comma.
_DELIMITERS = ";\t|"
_ROWS = 8_192


class CsvWriter:
    """Frames below one header."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._started = False

    def write(self, frame: pl.DataFrame) -> None:
        """Write the rows.

        :raises SourceError: ``TARGET_CANNOT_HOLD`` for NUL, and for names that would be read as several columns
        """
        if not self._started:
            self._stream.write(_header(frame.columns))
            self._started = True
        rows = all_text(frame)
        refuse_nul(rows, "CSV", "JSON Lines or Parquet")
        for piece in rows.iter_slices(_ROWS):
            self._stream.write(_records(piece))

    def close(self) -> None:
        """Nothing is held."""

    def abandon(self) -> None:
        """Nothing is held."""


def refuse_nul(rows: pl.DataFrame, format: str, others: str) -> None:
    """Refuse text with NUL in it where it cannot be written.

    :raises SourceError: ``TARGET_CANNOT_HOLD``, with the columns' places and the number of cells
    """
    counts = [int(cells.str.contains("\0", literal=True).sum() or 0) for cells in rows.get_columns()]
    if sum(counts):
        places = plainly_named(place for place, count in enumerate(counts, start=1) if count)
        raise SourceError(
            f"{sum(counts):,} cells of {places} hold NUL, which {format} cannot: remove it, or write {others}",
            code="TARGET_CANNOT_HOLD",
        )


def _records(rows: pl.DataFrame) -> bytes:
    # Not straight to the stream: polars would hide why it could not be written to.
    held = io.BytesIO()
    rows.write_csv(held, include_header=False, quote_style="necessary")
    return held.getvalue()


def _header(names: list[str]) -> bytes:
    """The names, always quoted: some begin like the signature of a binary format, ``ORC`` and ``PAR1``."""
    # A reader that looks for the delimiter takes the one that cuts the header into most.
    if len(names) > 1 and any(sum(name.count(sign) for name in names) >= len(names) for sign in _DELIMITERS):
        raise SourceError(
            "the names of the columns hold ';', '|' or tabs, so that a reader of CSV would take them for delimiters: "
            "rename the columns, or write Parquet",
            code="TARGET_CANNOT_HOLD",
        )
    if any("\0" in name for name in names):
        raise SourceError("a column's name holds NUL, which CSV cannot: rename it", code="TARGET_CANNOT_HOLD")
    quoted = ('"' + name.replace('"', '""') + '"' for name in names)
    return (",".join(quoted) + "\n").encode()
