"""Rows of a table or query, counted in the database where it can, read a few thousand at a time where it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.expectations._rows import PLACE, PSEUDONYM, Rows, Shaped, anonymity_of, shaped
from airflow_mlsecops.sources.cells import text_series, undecoded
from airflow_mlsecops.sources.dialects import dialect_of
from airflow_mlsecops.sources.failure import attempt, driver_errors, guarded
from airflow_mlsecops.sources.formats.batching import joined, rows_at_once
from airflow_mlsecops.sources.formats.names import unique_names

if TYPE_CHECKING:
    import polars as pl
    import sqlalchemy as sa
    from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine

T = TypeVar("T")

# Fetched at once, as a gate does.
_STEP = 2_048


class SqlRows(Rows):
    """Rows of a selectable, each question in a transaction of its own.

    Rows are read as a gate reads a table: each cell as text, in a transaction that sees one state and in which
    PostgreSQL refuses to leave out rows by row-level security.

    :param engine: opens connections
    :param source: what is selected from: a table, or a query in brackets
    """

    def __init__(self, engine: SqlAlchemyExecutionEngine, source: sa.FromClause) -> None:
        self._engine = engine
        self._from = source
        self._lost: Counter[int] = Counter()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns, as the database calls them."""
        import sqlalchemy as sa

        with self._connected() as connection:
            none = self._all().where(sa.false())
            return tuple(self._attempt(lambda: connection.execute(none).keys()))

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Columns with cells that are no text."""
        return undecoded(self._lost)

    def count(self) -> int:
        """What ``count(*)`` says."""
        with self._connected() as connection:
            return self._counted(connection)

    def frames(self, columns: Sequence[str] = ()) -> Iterator[pl.DataFrame]:
        """Every row, each column as text.

        :raises SourceError: ``TRUNCATED`` if fewer or more rows came than were counted at the beginning
        """
        import polars as pl

        self._lost = Counter()
        with self._connected() as connection:
            expected, done = self._counted(connection), 0
            names, steps = self._steps(connection, columns)
            frames = chain([self._frame(names, [])], (self._frame(names, step) for step in steps))
            for held in joined(frames, rows_at_once(len(names)), lambda frame: int(frame.estimated_size())):
                batch = pl.concat(held, rechunk=True)
                done += batch.height
                yield batch
        if done != expected:
            raise SourceError(
                f"{PLACE} changed while it was read: got {done:,} rows, counted {expected:,}; run it again",
                code="TRUNCATED",
            )

    def pseudonyms(self, column: str) -> Shaped:
        """Counted in PostgreSQL and SQLite; elsewhere by reading the column."""
        import sqlalchemy as sa

        well = _WELL_SHAPED.get(self._engine.dialect_name)
        if well is None:
            return shaped(self, column)
        cell: Any = sa.column(column)
        good = sa.func.sum(sa.case((well(cell), 1), else_=0))
        rows, cells, shapely = self._one(sa.select(sa.func.count(), sa.func.count(cell), good).select_from(self._from))
        return Shaped(rows=rows, nulls=rows - cells, misshapen=cells - int(shapely or 0))

    def groups(self, columns: Sequence[str], k: int, sensitive: str | None, l: int | None) -> Anonymity:  # noqa: E741
        """Counted in the database: two values are one if the database says that they are equal."""
        import sqlalchemy as sa

        groups = self._grouped(columns, sensitive)
        rows, values = groups.c.n, groups.c.v

        def summed(what: Any, where: Any) -> Any:
            return sa.func.coalesce(sa.func.sum(sa.case((where, what), else_=0)), 0)

        few, poor = rows < k, values < (l or 0)
        asked = (
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(rows), 0),
            sa.func.coalesce(sa.func.min(rows), 0),
            summed(rows, few),
            summed(1, few),
            sa.func.coalesce(sa.func.min(values), 0),
            summed(rows, poor),
            summed(1, poor),
        )
        found = [int(number) for number in self._one(sa.select(*asked).select_from(groups))]
        return anonymity_of(columns, k, sensitive, l, found)

    def _grouped(self, columns: Sequence[str], sensitive: str | None) -> sa.Subquery:
        """One row a group: its rows, and the distinct values of the sensitive column; null is one of them."""
        import sqlalchemy as sa

        keys: list[Any] = [sa.column(column) for column in columns]
        values: Any = sa.literal(0)
        if sensitive is not None:
            value: Any = sa.column(sensitive)
            nulls = sa.case((sa.func.count() > sa.func.count(value), 1), else_=0)
            values = sa.func.count(sa.distinct(value)) + nulls
        counted = sa.select(sa.func.count().label("n"), values.label("v"))
        return counted.select_from(self._from).group_by(*keys).subquery("mlsecops_groups")

    def _all(self, columns: Sequence[str] = ()) -> sa.Select[Any]:
        import sqlalchemy as sa

        what: list[Any] = [sa.column(column) for column in columns] or [sa.text("*")]
        return sa.select(*what).select_from(self._from)

    def _counted(self, connection: sa.Connection) -> int:
        import sqlalchemy as sa

        counted = sa.select(sa.func.count()).select_from(self._from)
        return int(self._attempt(lambda: connection.execute(counted).scalar_one()))

    def _one(self, asked: sa.Select[*tuple[Any, ...]]) -> tuple[Any, ...]:
        with self._connected() as connection:
            return tuple(self._attempt(lambda: connection.execute(asked).one()))

    def _steps(
        self, connection: sa.Connection, columns: Sequence[str]
    ) -> tuple[list[str], Iterator[Sequence[sa.Row[Any]]]]:
        # For the statement alone: what is set for a connection stays with it.
        streamed = self._all(columns).execution_options(stream_results=True, yield_per=_STEP)
        result = self._attempt(lambda: connection.execute(streamed))
        return list(result.keys()), guarded(_bare_steps(result.partitions(_STEP)), lambda: PLACE, *_errors())

    def _frame(self, names: list[str], rows: Sequence[sa.Row[Any]]) -> pl.DataFrame:
        import polars as pl

        columns = zip(*rows, strict=True) if rows else (() for _ in names)
        named = zip(unique_names(names), columns, strict=True)
        return pl.DataFrame(
            [text_series(name, cells, place, self._lost) for place, (name, cells) in enumerate(named, start=1)]
        )

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        with self._engine.get_connection() as connection:
            if self._engine.dialect_name == "postgresql":
                # Of an engine that commits by itself, too: a cursor on the server needs a transaction.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            # SQLite's connection is kept by Great Expectations, with its temporary tables: it is left as it is.
            if self._engine.dialect_name != "sqlite":
                for statement in dialect_of(self._engine.dialect_name).begin:
                    self._attempt(partial(connection.exec_driver_sql, statement))
            yield connection

    def _attempt(self, act: Callable[[], T]) -> T:
        return attempt(partial(_bare, act), PLACE, *_errors())


def from_clause(selectable: Any) -> sa.FromClause:
    """What to select from, of what Great Expectations calls the records of a batch."""
    source: sa.FromClause = selectable.subquery("mlsecops_batch") if hasattr(selectable, "subquery") else selectable
    return source


def _bare(act: Callable[[], T]) -> T:
    """What the driver itself raises, whose state tells a missing permission from a missing table."""
    from sqlalchemy.exc import DBAPIError

    try:
        return act()
    except DBAPIError as error:
        raise error.orig or error from None


def _bare_steps(steps: Iterator[T]) -> Iterator[T]:
    while (step := _bare(lambda: next(steps, None))) is not None:
        yield step


def _errors() -> tuple[type[BaseException], ...]:
    from sqlalchemy.exc import SQLAlchemyError

    return SQLAlchemyError, *driver_errors()


def _sqlite_well_shaped(cell: Any) -> Any:
    import sqlalchemy as sa

    # length() of a text ends at its first NUL, and so does GLOB: its bytes are counted too.
    whole = sa.func.length(sa.cast(cell, sa.LargeBinary)) == 32
    return (sa.func.typeof(cell) == "text") & whole & (sa.func.length(cell) == 32) & ~cell.op("GLOB")("*[^0-9a-f]*")


def _postgresql_well_shaped(cell: Any) -> Any:
    import sqlalchemy as sa

    return sa.cast(cell, sa.Text).regexp_match(PSEUDONYM)


_WELL_SHAPED: dict[str, Callable[[Any], Any]] = {
    "sqlite": _sqlite_well_shaped,
    "postgresql": _postgresql_well_shaped,
}
