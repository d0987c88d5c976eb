"""How rows become a file's bytes, one module per format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.targets.writers.csv import CsvWriter
from airflow_mlsecops.sources.targets.writers.jsonl import JsonlWriter
from airflow_mlsecops.sources.targets.writers.parquet import ParquetWriter

if TYPE_CHECKING:
    import polars as pl


class Writer(Protocol):
    """Writes one format to a stream that stays its opener's to close."""

    def write(self, frame: pl.DataFrame) -> None:
        """Write a frame of the schema of the first, which may have no rows."""
        ...

    def close(self) -> None:
        """Write what is held and what ends the format."""
        ...

    def abandon(self) -> None:
        """Write nothing more."""
        ...


_WRITERS: dict[str, Callable[[BinaryIO], Writer]] = {"parquet": ParquetWriter, "csv": CsvWriter, "jsonl": JsonlWriter}
_SUFFIXES = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".ndjson": "jsonl",
    ".ndjson.gz": "jsonl",
}


def suffix_of(name: str) -> str:
    """The suffix by which a name promises a format; empty if it promises none."""
    return next((suffix for suffix in _SUFFIXES if name.lower().endswith(suffix)), "")


def suffix_for(name: str, format: str | None, *, folder: bool) -> str:
    """The suffix that says how to write: a file's own, or what a folder's files are to have.

    :param format: ``parquet``, ``csv``, ``jsonl``, and ``csv.gz``, ``jsonl.gz`` for folders; ``None`` for the file's
        own, or Parquet in a folder
    :raises SourceError: ``TARGET_FORMAT`` if it is not known, or the file's name promises another
    """
    asked = f".{format.lower().lstrip('.')}" if format else ""
    if asked and asked not in _SUFFIXES:
        raise SourceError(
            f"format is not one that can be written: expected {', '.join(suffix[1:] for suffix in _SUFFIXES)}",
            code="TARGET_FORMAT",
        )
    if folder:
        return asked or ".parquet"
    own = suffix_of(name)
    if asked and _SUFFIXES[asked] != _SUFFIXES[own]:
        raise SourceError(
            f"the target's name ends in {own}, and format={asked[1:]}: give it the suffix of what it is to hold, or "
            "leave format= out",
            code="TARGET_FORMAT",
        )
    return own


def writer_for(suffix: str, stream: BinaryIO) -> Writer:
    """What writes the format of a suffix; zipping is its caller's."""
    return _WRITERS[_SUFFIXES[suffix]](stream)
