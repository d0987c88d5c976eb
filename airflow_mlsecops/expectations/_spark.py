"""Rows of a Spark frame, counted by the cluster where it can, read a batch at a time where it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.expectations._rows import PLACE, Rows, Shaped, anonymity_of
from airflow_mlsecops.sources.cells import undecoded
from airflow_mlsecops.sources.failure import attempt, guarded
from airflow_mlsecops.sources.formats.arrow import to_polars

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    import pyspark.sql as ps

T = TypeVar("T")

# Java's: $ would also match before a line feed at the end.
_PSEUDONYM = r"^[0-9a-f]{32}\z"


class SparkRows(Rows):
    """Rows of a Spark frame.

    Executors hand out Arrow batches, which are asked for one partition after another: the driver holds one partition,
    never the table.
    """

    def __init__(self, frame: ps.DataFrame) -> None:
        self._given = frame
        self._lost: Counter[int] = Counter()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the frame."""
        return tuple(self._given.columns)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Columns with text that is not UTF-8."""
        return undecoded(self._lost)

    def count(self) -> int:
        """Counted by the cluster."""
        return int(_attempt(self._given.count))

    def frames(self, columns: Sequence[str] = ()) -> Iterator[pl.DataFrame]:
        """Every row, one Arrow batch at a time."""
        self._lost = Counter()
        names = list(columns) or self._given.columns
        empty = True
        for row in guarded(_attempt(lambda: self._handed(columns)), lambda: PLACE, *_errors()):
            empty = False
            yield to_polars(_read(row["batch"], names), self._lost)
        if empty:
            yield _empty(names)

    def pseudonyms(self, column: str) -> Shaped:
        """Counted by the cluster; what is no text is no pseudonym."""
        from pyspark.sql import functions as f
        from pyspark.sql.types import StringType

        cell = f.col(_quoted(column))
        text = isinstance(self._given.schema[column].dataType, StringType)
        good = cell.rlike(_PSEUDONYM) if text else f.lit(False)
        rows, cells, shapely = self._one(
            self._given, f.count(f.lit(1)), f.count(cell), f.coalesce(f.sum(good.cast("long")), f.lit(0))
        )
        return Shaped(rows=rows, nulls=rows - cells, misshapen=cells - shapely)

    def groups(self, columns: Sequence[str], k: int, sensitive: str | None, l: int | None) -> Anonymity:  # noqa: E741
        """Counted by the cluster: two values are one if Spark says that they are equal."""
        from pyspark.sql import functions as f

        rows, values = f.col("n"), f.col("v")

        def summed(what: Any, where: Any) -> Any:
            return f.coalesce(f.sum(f.when(where, what).otherwise(f.lit(0))), f.lit(0))

        few, poor = rows < k, values < (l or 0)
        found = self._one(
            self._grouped(columns, sensitive),
            f.count(f.lit(1)),
            f.coalesce(f.sum(rows), f.lit(0)),
            f.coalesce(f.min(rows), f.lit(0)),
            summed(rows, few),
            summed(f.lit(1), few),
            f.coalesce(f.min(values), f.lit(0)),
            summed(rows, poor),
            summed(f.lit(1), poor),
        )
        return anonymity_of(columns, k, sensitive, l, found)

    def _handed(self, columns: Sequence[str]) -> Iterator[ps.Row]:
        some = self._given.select(*map(_quoted, columns)) if columns else self._given
        # By place: Spark itself stumbles over names with a dot here, and over one that comes twice.
        plain = some.toDF(*map(str, range(len(some.columns))))
        handed: Iterator[ps.Row] = plain.mapInArrow(_written(), "batch binary").toLocalIterator()
        return handed

    def _grouped(self, columns: Sequence[str], sensitive: str | None) -> ps.DataFrame:
        from pyspark.sql import functions as f

        values: Any = f.lit(0)
        if sensitive is not None:
            value = f.col(_quoted(sensitive))
            values = f.count_distinct(value) + f.when(f.count(f.lit(1)) > f.count(value), 1).otherwise(0)
        keys = self._given.groupBy(*map(_quoted, columns))
        return keys.agg(f.count(f.lit(1)).alias("n"), values.alias("v")).select("n", "v")

    def _one(self, frame: ps.DataFrame, *asked: Any) -> tuple[int, ...]:
        # By name: two columns of one table may be called as the answers are.
        (row,) = _attempt(frame.agg(*asked).collect)
        return tuple(int(number) for number in row)


def _written() -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What executors run. Defined in here, it is sent to them as it is: they need pyarrow, and not this package."""

    def written(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema) as writer:
                writer.write_batch(batch)
            yield pa.RecordBatch.from_arrays([pa.array([sink.getvalue().to_pybytes()], pa.binary())], names=["batch"])

    return written


def _read(batch: bytes, names: list[str]) -> pa.Table:
    import pyarrow as pa

    return pa.ipc.open_stream(batch).read_all().rename_columns(names)


def _empty(columns: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    from airflow_mlsecops.sources.formats.names import unique_names

    return pl.DataFrame(schema=dict.fromkeys(unique_names(columns), pl.String))


def _quoted(name: str) -> str:
    """The name, so that a dot in it leads into no struct."""
    return "`" + name.replace("`", "``") + "`"


def _attempt(act: Callable[[], T]) -> T:
    return attempt(act, PLACE, *_errors())


def _errors() -> tuple[type[BaseException], ...]:
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]
    from pyspark.errors import PySparkException

    return Py4JError, PySparkException
