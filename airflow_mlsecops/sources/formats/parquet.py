"""Parquet, read page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.failure import attempt, guarded
from airflow_mlsecops.sources.formats.arrow import to_polars, written_out
from airflow_mlsecops.sources.formats.batching import joined, rows_at_once
from airflow_mlsecops.sources.formats.magic import reject
from airflow_mlsecops.sources.member import Member

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq

_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"
_COLUMNS = 100_000
_ROW_GROUP = 8 << 30
# Of each column, all columns at once. What lies in a store costs a request for each piece, so pieces are larger.
_PIECE, _FETCHED = 1 << 16, 1 << 20
# Rows decoded at once; joined up to a batch. Small, because a repeated cell takes a few bytes in the file and its whole
# length in memory: 131,072 rows of one 100 kB prompt would be 13 GB.
_STEP = 2_048


def rows(member: Member) -> int:
    """Rows there, as the footer says."""
    return int(attempt(lambda: _rows(member), member.shown))


def batches(member: Member, lost: Counter[int]) -> Iterator[pl.DataFrame]:
    """Every row, in frames of bounded size; raises if there are fewer or more than the footer says."""
    with closing(attempt(member.scattered or member.open, member.shown)) as stream:
        file = attempt(lambda: _open(member, stream), member.shown)
        progress = _Progress()
        for batch in guarded(_frames(file, lost), lambda: f"{member.shown} after row {progress.rows:,}"):
            progress.rows += batch.height
            yield batch
    _check_complete(member, progress.rows, file.metadata)


@dataclass
class _Progress:
    rows: int = 0


def _check_complete(member: Member, done: int, metadata: pq.FileMetaData) -> None:
    if done != metadata.num_rows and metadata.num_columns:
        raise SourceError(
            f"{member.shown} gave {done:,} rows, expected the {metadata.num_rows:,} of its footer; write it again",
            code="TRUNCATED",
        )


def _rows(member: Member) -> int:
    with closing((member.scattered or member.open)()) as stream:
        return int(_open(member, stream).metadata.num_rows)


def _open(member: Member, stream: BinaryIO) -> pq.ParquetFile:
    import pyarrow.parquet as pq

    _check_magic(member, stream)
    # Buffered and without read-ahead: measured at 0.35 GB where the defaults hold whole row groups, 2.3 GB.
    file = pq.ParquetFile(stream, pre_buffer=False, buffer_size=_FETCHED if member.scattered else _PIECE)
    _check_size(member, file.metadata)
    return file


def _check_magic(member: Member, stream: BinaryIO) -> None:
    head = stream.read(8)
    stream.seek(max(0, member.size - 8))
    tail = stream.read(8)
    if head[:4] == _ENCRYPTED or tail[4:] == _ENCRYPTED:
        raise SourceError(
            f"{member.shown} is encrypted Parquet: what it holds cannot be seen; scan it before it is encrypted",
            code="UNREADABLE",
        )
    if head[:4] != _MAGIC:
        reject(member, head, "Parquet")
    if tail[4:] != _MAGIC or int.from_bytes(tail[:4], "little") + 12 > member.size:
        raise SourceError(
            f"{member.shown} is cut short: its Parquet footer is missing; write it again", code="TRUNCATED"
        )
    stream.seek(0)


def _check_size(member: Member, metadata: pq.FileMetaData) -> None:
    largest = max((metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups)), default=0)
    if metadata.num_columns > _COLUMNS or largest > _ROW_GROUP:
        raise SourceError(
            f"{member.shown} claims {metadata.num_columns:,} columns and a row group of {largest:,} bytes: expected at "
            f"most {_COLUMNS:,} and {_ROW_GROUP:,}; write it in smaller row groups",
            code="TOO_LARGE",
        )


def _frames(file: pq.ParquetFile, lost: Counter[int]) -> Iterator[pl.DataFrame]:
    most = rows_at_once(file.metadata.num_columns)
    for steps in joined(_steps(file, min(_STEP, most)), most, lambda step: int(step.get_total_buffer_size())):
        yield to_polars(_table(steps), lost)


def _table(steps: list[pa.RecordBatch]) -> pa.Table:
    import pyarrow as pa

    table = pa.Table.from_batches(steps)
    steps.clear()  # or each column would be held twice once it is converted
    return table


def _steps(file: pq.ParquetFile, size: int) -> Iterator[pa.RecordBatch]:
    if not file.metadata.num_rows:
        yield _empty(file)
    # One thread: handing out 2,048 rows of twenty columns at a time costs more than a fifth of decoding them.
    for step in file.iter_batches(size, use_threads=False):
        yield written_out(step)


def _empty(file: pq.ParquetFile) -> pa.RecordBatch:
    import pyarrow as pa

    schema = file.schema_arrow
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
