"""Parquet, in row groups of bounded size."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from airflow_mlsecops.sources.formats.batching import BATCH_ROWS
from airflow_mlsecops.sources.targets.columns import leaves, without_categories
from airflow_mlsecops.sources.targets.text import as_text

if TYPE_CHECKING:
    import polars as pl
    import pyarrow.parquet as pq

# A row group is written at this size, or once it has the rows of a batch, and twice as many at most.
_GROUP_BYTES = 64 << 20


class ParquetWriter:
    """Frames of one schema, small ones put together; zstd, every type kept that Parquet has."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held: list[pl.DataFrame] = []
        self._file: pq.ParquetWriter | None = None

    def write(self, frame: pl.DataFrame) -> None:
        """Hold the frame until there is enough for a row group."""
        self._held.append(_written(frame))
        if sum(held.height for held in self._held) >= BATCH_ROWS or self._size() >= _GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        """Write what is held, and the footer."""
        self._flush()
        if self._file is not None:
            self._file.close()

    def abandon(self) -> None:
        """Write nothing more: pyarrow would otherwise add a footer when the object goes."""
        self._held.clear()
        if self._file is not None:
            self._file.is_open = False
        self._file = None

    def _size(self) -> int:
        return sum(int(held.estimated_size()) for held in self._held)

    def _flush(self) -> None:
        import polars as pl

        if not self._held:
            return
        frame = pl.concat(self._held)
        self._held.clear()
        table = frame.to_arrow()
        if self._file is None:
            import pyarrow.parquet as pq

            self._file = pq.ParquetWriter(self._stream, table.schema, compression="zstd")
        self._file.write_table(table, row_group_size=2 * BATCH_ROWS)


def _written(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(_column(cells) for cells in frame.get_columns())


def _column(cells: pl.Series) -> pl.Series:
    if any(_is_beyond(kind) for kind in leaves(cells.dtype)):
        return as_text(cells)
    plain = without_categories(cells.dtype)
    return cells if plain == cells.dtype else cells.cast(plain)


def _is_beyond(kind: object) -> bool:
    """True for what Parquet has no type for: integers of 128 bits, structs without fields, arrays of no length."""
    import polars as pl

    wide = (pl.Int128, getattr(pl, "UInt128", pl.Int128), pl.Object)
    return (
        kind in wide
        or (isinstance(kind, pl.Struct) and not kind.fields)
        or (isinstance(kind, pl.Array) and not kind.size)
    )
