"""What a place that holds data must be able to answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from airflow_mlsecops.core import database
from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.fingerprint import Fingerprint

if TYPE_CHECKING:
    import polars as pl


@runtime_checkable
class Source(Protocol):
    """One dataset, or one partition of it, opened for reading; nothing is kept between two calls.

    Every failure is a :class:`~airflow_mlsecops.core.errors.SourceError` with a stable code.
    """

    @property
    def identity(self) -> str:
        """Connection-free name of the dataset in OpenLineage naming; the partition is no part of it."""
        ...

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What :meth:`batches` could not look at; complete once it is exhausted."""
        ...

    def rows_present(self) -> int | None:
        """Rows there, as the place itself says; ``None`` if only reading would tell."""
        ...

    def bytes_present(self) -> int:
        """Size of what there is to read, as the place counts it; 0 if it does not."""
        ...

    def fingerprint(self, key: bytes) -> Fingerprint:
        """What exactly is there now; call it before and after reading to notice a change in between."""
        ...

    def batches(self) -> Iterator[pl.DataFrame]:
        """Every row, in frames of bounded size; a source without rows still yields its columns."""
        ...


class Staging(Protocol):
    """Rows on their way to a target: beside it, where no reader of the dataset comes.

    Every failure is a :class:`~airflow_mlsecops.core.errors.SourceError` with a stable code.
    """

    def write(self, frame: pl.DataFrame) -> None:
        """Write some rows; all frames have one set of columns, and one without rows still brings them."""
        ...

    def finish(self) -> None:
        """Close what was written, so that it is there in full and for good."""
        ...

    def source(self) -> Source:
        """What was written, to be looked at before anybody else sees it; only after :meth:`finish`."""
        ...

    def publish(self) -> None:
        """Put it in the place of what was there."""
        ...

    def set_aside(self) -> str:
        """Put it where people find it and no reader of the dataset does.

        :return: a dataset string of that place
        """
        ...


class Target(Protocol):
    """One dataset, or one partition of it, opened for writing."""

    @property
    def identity(self) -> str:
        """Connection-free name of the dataset in OpenLineage naming; the partition is no part of it."""
        ...

    def staging(self) -> AbstractContextManager[Staging]:
        """A place to write to, gone when the block ends unless it was published or set aside.

        What stands at the target is not touched before :meth:`Staging.publish`, however the block ends.
        """
        ...


class Database(database.Database, Protocol):
    """A database that can be read.

    :param paramstyle: of its driver, as PEP 249 names it: ``qmark``, ``pyformat``, ``format``, ``numeric`` or ``named``
    """

    @property
    def paramstyle(self) -> str: ...  # noqa: D102


class Clients(Protocol):
    """What opens places, handed down by the hook with its credentials inside."""

    def path(self, uri: str) -> Any:
        """Path of a ``file://`` or object URI: ``pathlib.Path`` for local files, the UPath interface for others."""
        ...

    def database(self, connection: str) -> Database:
        """Database of that connection."""
        ...

    def frame(self, task_id: str) -> object:
        """What that task returned in this run; ``None`` if nothing."""
        ...

    def frame_identity(self, task_id: str) -> str:
        """``xcom://dag_id/task_id``."""
        ...
