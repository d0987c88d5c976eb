"""Frames that a task returned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.fingerprint import Fingerprint, fingerprint, part
from airflow_mlsecops.sources.cells import digest, series, undecoded
from airflow_mlsecops.sources.failure import attempt
from airflow_mlsecops.sources.formats.arrow import to_polars
from airflow_mlsecops.sources.formats.batching import rows_at_once
from airflow_mlsecops.sources.formats.names import unique_names
from airflow_mlsecops.sources.interface import Clients

if TYPE_CHECKING:
    import polars as pl


def identity(dataset: Dataset, clients: Clients) -> str:
    """``xcom://dag_id/task_id``."""
    return clients.frame_identity(dataset.path)


def open_frame(dataset: Dataset, partition: str, clients: Clients) -> Frame:
    """What a task returned in this run."""
    if partition:
        raise SourceError(
            "a frame has no partitions: leave partition= empty, or let the task return only what is to be looked at",
            code="PARTITION_INVALID",
        )
    return Frame(identity(dataset, clients), dataset.path, clients)


class Frame:
    """A frame in memory, pulled anew at each call so that a change in between is noticed."""

    def __init__(self, identity: str, task_id: str, clients: Clients) -> None:
        self.identity = identity
        self._lost: Counter[int] = Counter()
        self._task_id = task_id
        self._clients = clients

    def __repr__(self) -> str:
        return f"Frame({self.identity!r})"

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Columns that mix text with bytes that are none."""
        return undecoded(self._lost)

    def rows_present(self) -> int:
        """Its rows."""
        return self._frame().height

    def bytes_present(self) -> int:
        """Its size in memory."""
        return int(self._frame().estimated_size())

    def fingerprint(self, key: bytes) -> Fingerprint:
        """One part: columns, types and a digest of the rows."""
        frame = self._frame()
        names = [text for pair in frame.schema.items() for text in (pair[0], str(pair[1]))]
        rows, version = attempt(lambda: digest(key, names, frame.iter_rows()), self.identity)
        return fingerprint([part(key, "frame", rows, version)])

    def batches(self) -> Iterator[pl.DataFrame]:
        """Slices of it."""
        frame = self._frame()
        if not frame.height:
            yield frame
        yield from frame.iter_slices(rows_at_once(frame.width))

    def _frame(self) -> pl.DataFrame:
        value = self._clients.frame(self._task_id)
        if value is None:
            raise SourceError(
                f"{self.identity} returned nothing in this run: put the task upstream and let it return a frame",
                code="NOT_FOUND",
            )
        self._lost = Counter()
        return attempt(lambda: _polars(value, self.identity, self._lost), self.identity)


def _polars(value: Any, place: str, lost: Counter[int]) -> pl.DataFrame:
    kind = (type(value).__module__.partition(".")[0], type(value).__name__)
    if kind == ("polars", "DataFrame"):
        return _without_objects(value, lost)
    if kind == ("pandas", "DataFrame"):
        return _from_pandas(value, lost)
    if kind in (("pyarrow", "Table"), ("pyarrow", "RecordBatch")):
        return _from_arrow(value, lost)
    if isinstance(value, list) and all(isinstance(record, Mapping) for record in value):
        return _from_records(value, lost)
    if isinstance(value, Mapping) and all(isinstance(cells, list | tuple) for cells in value.values()):
        return _from_columns(list(map(str, value)), [list(cells) for cells in value.values()], lost)
    raise SourceError(
        f"{place} returned a {type(value).__qualname__}, expected a frame: a pandas or polars DataFrame, a pyarrow "
        "Table, a list of dicts or a dict of lists",
        code="NOT_A_FRAME",
    )


def _without_objects(frame: pl.DataFrame, lost: Counter[int]) -> pl.DataFrame:
    """Python objects inside polars as what they hold."""
    import polars as pl

    return pl.DataFrame(
        [
            series(one.name, one.to_list(), place, lost) if one.dtype == pl.Object else one
            for place, one in enumerate(frame.get_columns(), start=1)
        ]
    )


def _from_arrow(table: Any, lost: Counter[int]) -> pl.DataFrame:
    import pyarrow as pa

    return to_polars(pa.table(table) if isinstance(table, pa.RecordBatch) else table, lost)


def _from_pandas(frame: Any, lost: Counter[int]) -> pl.DataFrame:
    """Columns and, where it holds anything, the index: an e-mail address makes a handy one."""
    parts = [frame.iloc[:, place] for place in range(frame.shape[1])]
    if not _counts_rows(frame.index):
        parts += [frame.index.get_level_values(level).to_series() for level in range(frame.index.nlevels)]
    names = ["" if part.name is None else str(part.name) for part in parts]
    return _from_columns(names, [_pandas_cells(part) for part in parts], lost)


def _counts_rows(index: Any) -> bool:
    """True for the index that every frame gets; pandas also keeps an index of consecutive numbers as a range."""
    return type(index).__name__ == "RangeIndex" and (index.start, index.step, index.name) == (0, 1, None)


def _pandas_cells(column: Any) -> list[object]:
    return [None if null else cell for cell, null in zip(column.tolist(), column.isna().tolist(), strict=True)]


def _from_records(records: list[Mapping[object, object]], lost: Counter[int]) -> pl.DataFrame:
    keys = list(dict.fromkeys(key for record in records for key in record))
    return _from_columns(list(map(str, keys)), [[record.get(key) for record in records] for key in keys], lost)


def _from_columns(names: list[str], columns: list[list[object]], lost: Counter[int]) -> pl.DataFrame:
    import polars as pl

    if len({len(cells) for cells in columns}) > 1:
        raise SourceError("the columns returned differ in length: expected a frame", code="NOT_A_FRAME")
    named = enumerate(zip(unique_names(names), columns, strict=True), start=1)
    return pl.DataFrame([series(name, cells, place, lost) for place, (name, cells) in named])
