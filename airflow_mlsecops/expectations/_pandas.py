"""Rows of a pandas frame, read as a gate reads a frame that a task returned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.expectations._rows import PLACE, Rows, Shaped, grouped, shaped
from airflow_mlsecops.sources.frames import Frame
from airflow_mlsecops.sources.local import LocalClients

if TYPE_CHECKING:
    import polars as pl


class PandasRows(Rows):
    """Rows of a pandas frame, its index among them where it holds anything."""

    def __init__(self, frame: Any) -> None:
        self._given = frame
        self._read: Frame | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the frame; the index has none."""
        return tuple(map(str, self._given.columns))

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Columns that mix text with bytes that are none."""
        return self._read.skipped if self._read else ()

    def count(self) -> int:
        """Rows of the frame."""
        return len(self._given)

    def frames(self, columns: Sequence[str] = ()) -> Iterator[pl.DataFrame]:
        """Slices of the frame, which is converted as a whole: the type of a column is decided by all its cells."""
        self._read = Frame(PLACE, PLACE, _Given(self._of(columns) if columns else self._given))
        return self._read.batches()

    def pseudonyms(self, column: str) -> Shaped:
        """Counted by reading."""
        return shaped(self, column)

    def groups(self, columns: Sequence[str], k: int, sensitive: str | None, l: int | None) -> Anonymity:  # noqa: E741
        """Counted by reading."""
        return grouped(self, columns, k, sensitive, l)

    def _of(self, columns: Sequence[str]) -> Any:
        return self._given.iloc[:, [self.names.index(column) for column in columns]].reset_index(drop=True)


class _Given(LocalClients):
    """The frame that is at hand."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def frame(self, task_id: str) -> Any:
        return self._frame
