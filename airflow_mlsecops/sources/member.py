"""One file of a dataset, wherever it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from airflow_mlsecops.core.errors import SourceError

# Written beside the data by Spark, Hadoop, dask, Finder and git; anything else that is not data is an error, because a
# file that a scan leaves out is a file that training may read.
_EMPTY_MARKERS = frozenset({"_SUCCESS", ".gitkeep", ".keep"})
_MARKERS = frozenset({"_metadata", "_common_metadata", ".DS_Store", ".gitignore"})


@dataclass(frozen=True)
class Member:
    """One file of a dataset.

    :param name: relative to the dataset, with ``/``
    :param size: in bytes
    :param open: opens it for reading, seekable
    :param version: what changes when its content does, computed when asked
    :param place: where it truly lies, as the policy's globs see it
    :param scattered: opens it for reading here and there, where reading on costs requests; if not given, as ``open``
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    version: Callable[[], str]
    place: str
    scattered: Callable[[], BinaryIO] | None = None

    @property
    def shown(self) -> str:
        """Its name as it may be told: without the steps that are data themselves, such as an e-mail address."""
        from airflow_mlsecops.detectors import all_detectors
        from airflow_mlsecops.scan.header import hold_data

        def is_data(step: str) -> bool:
            # A suffix makes ada@example.com.csv an address of no domain there is.
            stem = PurePosixPath(step).stem
            return hold_data((step, stem, PurePosixPath(stem).stem), all_detectors())

        return "/".join("{}" if step and is_data(step) else step for step in self.name.split("/"))


def is_marker(name: str, size: int) -> bool:
    """True for files that frameworks leave beside data and that hold none: ``_SUCCESS``, ``.part-0.parquet.crc``.

    Those that are empty by convention are markers only if they are: anything could be kept in a file of that name.
    """
    base = PurePosixPath(name).name
    if base in _EMPTY_MARKERS:
        return size == 0
    return base in _MARKERS or (base.startswith(".") and base.endswith(".crc"))


def partition_steps(partition: str) -> tuple[str, ...]:
    """Steps of a partition below its dataset.

    :raises SourceError: ``PARTITION_INVALID`` if it is absolute, or could leave the dataset
    """
    steps = tuple(partition.removesuffix("/").split("/")) if partition else ()
    if "\\" in partition or "\0" in partition or any(step in ("", ".", "..") for step in steps):
        raise SourceError(
            "the partition is not a path below its dataset: expected a relative path such as 2026-11-23/, without "
            "a leading '/', empty steps or '..'",
            code="PARTITION_INVALID",
        )
    return steps


def partition_missing(place: str) -> SourceError:
    """The error for a partition that is not there."""
    # The partition itself is not quoted: it is rendered from run parameters, which may hold anything.
    return SourceError(
        f"the partition does not exist below {place}: check partition=, or put the task that writes it upstream",
        code="PARTITION_MISSING",
    )
