"""How a file's bytes become rows, one module per format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.formats import csv, jsonl, parquet
from airflow_mlsecops.sources.member import Member

if TYPE_CHECKING:
    import polars as pl


class Format(Protocol):
    """A module that reads one format."""

    def rows(self, member: Member) -> int | None:
        """Rows there, if the file says so itself."""
        ...

    def batches(self, member: Member, lost: Counter[int]) -> Iterator[pl.DataFrame]:
        """Every row, in frames of bounded size.

        :param lost: counts, by column from 1, cells that are no text though their column is
        """
        ...


_FORMATS: dict[str, Format] = {
    ".parquet": parquet,
    ".csv": csv,
    ".csv.gz": csv,
    ".jsonl": jsonl,
    ".jsonl.gz": jsonl,
    ".ndjson": jsonl,
    ".ndjson.gz": jsonl,
}


def is_known(name: str) -> bool:
    """True if a file's name promises a format that is read here."""
    return name.lower().endswith(tuple(_FORMATS))


def format_of(member: Member) -> Format:
    """The format that a file's name promises; its content is checked against it when read.

    :raises SourceError: ``UNKNOWN_FORMAT``: a file nobody can read is never left out in silence
    """
    name = member.name.lower()
    for suffix, reader in _FORMATS.items():
        if name.endswith(suffix):
            return reader
    raise SourceError(
        f"{member.shown} is of no known format: expected {', '.join(_FORMATS)}; convert it, or move it out of the "
        "dataset",
        code="UNKNOWN_FORMAT",
    )
