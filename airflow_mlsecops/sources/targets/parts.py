"""Frames become one file, or several of bounded size in a folder."""

from __future__ import annotations

import gzip
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.failure import expected
from airflow_mlsecops.sources.targets.columns import require_same
from airflow_mlsecops.sources.targets.failure import attempt_write
from airflow_mlsecops.sources.targets.text import as_text
from airflow_mlsecops.sources.targets.writers import Writer, writer_for

if TYPE_CHECKING:
    import polars as pl

_PART_BYTES = 512 << 20


class Store(Protocol):
    """Where the bytes of a file go."""

    def create(self, place: int) -> BinaryIO:
        """Open the file of that number, from 0, for writing."""
        ...

    def complete(self, stream: BinaryIO) -> None:
        """Close it, so that it is there in full and for good."""
        ...

    def abandon(self, stream: BinaryIO) -> None:
        """Close it without any promise: it is to be removed."""
        ...


class Parts:
    """Frames of a dataset on their way into files.

    :param suffix: says the format, and whether it is zipped
    :param single: true if all has to go into one file; else frames with other columns begin another
    :param folders: columns that the folders above name for every row, and their value
    :param place: for people
    """

    def __init__(
        self, store: Store, suffix: str, *, single: bool, folders: tuple[tuple[str, str | None], ...], place: str
    ) -> None:
        self._store = store
        self._suffix = suffix
        self._single = single
        self._folders = folders
        self._place = place
        self._count = 0
        self._schema: pl.Schema | None = None
        self._part: _Part | None = None

    def write(self, frame: pl.DataFrame) -> None:
        """Write a frame.

        :raises SourceError: ``NO_COLUMNS``, ``SCHEMA_CHANGED``, ``PARTITION_MISMATCH``, ``TARGET_CANNOT_HOLD``,
            ``TARGET_FULL`` or ``TARGET_UNWRITABLE``
        """
        own = _without_folders(frame, self._folders)
        if not own.width:
            raise _nothing(self._place)
        if self._single and self._schema is not None:
            require_same(self._schema, own.schema, self._place)
        attempt_write(lambda: self._write(own), self._place)

    def finish(self) -> None:
        """Close the last file.

        :raises SourceError: ``NO_COLUMNS`` if nothing was ever written
        """
        if not self._count:
            raise _nothing(self._place)
        attempt_write(self._end_part, self._place)

    def abandon(self) -> None:
        """Close what is open, in whatever state."""
        if self._part is not None:
            self._part.abandon()
        self._part = None

    def _write(self, frame: pl.DataFrame) -> None:
        if self._part is not None and (frame.schema != self._schema or self._is_large(self._part)):
            self._end_part()
        if self._part is None:
            self._part = _Part(self._store, self._count, self._suffix)
            self._count += 1
            self._schema = frame.schema
        self._part.write(frame)

    def _is_large(self, part: _Part) -> bool:
        return not self._single and part.size >= _PART_BYTES

    def _end_part(self) -> None:
        if self._part is not None:
            self._part.close()
        self._part = None


class _Part:
    """One file."""

    def __init__(self, store: Store, place: int, suffix: str) -> None:
        self._store = store
        self._stream = store.create(place)
        # no name and no time in the header: the same rows are the same bytes
        self._zip = gzip.GzipFile("", "wb", fileobj=self._stream, mtime=0) if suffix.endswith(".gz") else None
        self._writer: Writer = writer_for(suffix, cast(BinaryIO, self._zip or self._stream))

    @property
    def size(self) -> int:
        return self._stream.tell()

    def write(self, frame: pl.DataFrame) -> None:
        self._writer.write(frame)

    def close(self) -> None:
        self._writer.close()
        if self._zip is not None:
            self._zip.close()
        self._store.complete(self._stream)

    def abandon(self) -> None:
        # The disk may be full, the store gone: what brought us here is the error to tell.
        with suppress(*expected()):
            self._writer.abandon()
        with suppress(*expected()):
            if self._zip is not None:
                self._zip.close()  # now, not when the object goes and the stream with it
        with suppress(*expected()):
            self._store.abandon(self._stream)


def _without_folders(frame: pl.DataFrame, folders: tuple[tuple[str, str | None], ...]) -> pl.DataFrame:
    """The frame without the columns that its folders name, which readers add again.

    :raises SourceError: ``PARTITION_MISMATCH`` if such a column says anything else: readers would see both
    """
    for name, value in folders:
        if name in frame.columns:
            other = int((~as_text(frame[name]).eq_missing(value)).sum())
            if other:
                raise SourceError(
                    f"{other:,} rows do not belong to the partition, whose folder names a column and its value: write "
                    "what changes that column below another partition, or drop it",
                    code="PARTITION_MISMATCH",
                )
            frame = frame.drop(name)
    return frame


def _nothing(place: str) -> SourceError:
    return SourceError(f"nothing to write to {place}: no column is left", code="NO_COLUMNS")
