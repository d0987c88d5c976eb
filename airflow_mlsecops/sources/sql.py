"""Tables of a database."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.fingerprint import Fingerprint, fingerprint, part
from airflow_mlsecops.sources.cells import digest, text_series, undecoded
from airflow_mlsecops.sources.dialects import Dialect, dialect_of
from airflow_mlsecops.sources.failure import attempt
from airflow_mlsecops.sources.formats.batching import joined, rows_at_once
from airflow_mlsecops.sources.formats.names import unique_names
from airflow_mlsecops.sources.interface import Clients, Database
from airflow_mlsecops.sources.query import Query, Reading, Row
from airflow_mlsecops.sources.touched import touched
from airflow_mlsecops.sources.typed import Kind, declared, typed_series

if TYPE_CHECKING:
    import polars as pl

# A step of a table's name: quoted, where a doubled quote stands for one, or anything without a dot or quote.
_STEP = re.compile(r'"((?:[^"\0]|"")+)"|([^".\0]+)')


def identity(dataset: Dataset, clients: Clients) -> str:
    """``postgres://host:port/database.schema.table``: the same table under every connection."""
    database = _database(dataset, clients)
    return _identity(database, _names(dataset, dialect_of(database.dialect)))


def open_table(dataset: Dataset, partition: str, clients: Clients) -> Table:
    """A table or view, or those of its rows where a column has one value."""
    place = place_of(dataset, partition, clients)
    dialect = dialect_of(place.database.dialect)
    query = Query(
        database=place.database,
        table=".".join(map(dialect.quoted, place.names)),
        column=dialect.quoted(place.column) if place.column else "",
        value=place.value,
        place=dataset.uri,
        names=place.names,
    )
    return Table(place.identity, query)


@dataclass(frozen=True)
class Place:
    """Which table, and which of its rows.

    :param names: steps of its name, plain, with the schema where the dialect has a usual one
    :param column: plain, of the predicate ``column = value``; empty for every row
    """

    database: Database
    names: tuple[str, ...]
    column: str
    value: str
    identity: str


def place_of(dataset: Dataset, partition: str, clients: Clients) -> Place:
    """The table that a dataset names.

    :raises SourceError: ``NOT_FOUND`` if it names none, ``PARTITION_INVALID``
    """
    database = _database(dataset, clients)
    names = _names(dataset, dialect_of(database.dialect))
    column, value = _predicate(partition)
    return Place(database=database, names=names, column=column, value=value, identity=_identity(database, names))


class Table:
    """A table, read in a transaction of its own at each call."""

    def __init__(self, identity: str, query: Query) -> None:
        self.identity = identity
        self._query = query
        self._undecoded: Counter[int] = Counter()

    def __repr__(self) -> str:
        return f"Table({self.identity!r})"

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Columns with cells that are no text."""
        return undecoded(self._undecoded)

    def typed(self) -> TypedTable:
        """The same table, its cells in the types that its columns declare; what declares none is text.

        Whoever scans for data reads text, in which nothing is rounded; whoever writes a table anew wants its types.
        """
        return TypedTable(self.identity, self._query)

    def touches(self) -> frozenset[tuple[str, ...]]:
        """Every table that reading this one reads, views looked through; each by the database and its own name."""
        with self._query.reading() as reading:
            return touched(reading)

    def rows_present(self) -> int:
        """What ``count(*)`` says."""
        with self._query.reading() as reading:
            return reading.count()

    def bytes_present(self) -> int:
        """0: databases count storage, not what a reader gets."""
        return 0

    def fingerprint(self, key: bytes) -> Fingerprint:
        """One part: the columns and an exact digest of the rows, whatever their order."""
        with self._query.reading() as reading:
            reading.count()
            names, steps = reading.rows()
            rows = chain.from_iterable(steps)
            count, version = attempt(lambda: digest(key, names, rows), self._query.place)
        place = f"{self._query.table} {self._query.column} {self._query.value}".rstrip()
        return fingerprint([part(key, place, count, version)])

    def batches(self) -> Iterator[pl.DataFrame]:
        """Every row; all columns are text: SQLite stores anything anywhere, and no answer may depend on a batch.

        :raises SourceError: ``TRUNCATED`` if fewer or more rows came than the same transaction counted
        """
        import polars as pl

        self._undecoded = Counter()
        with self._query.reading() as reading:
            expected, done = reading.count(), 0
            names, steps = reading.rows()
            framed = self._framing(reading, names)
            frames = (framed(step) for step in steps)
            for held in joined(frames, rows_at_once(len(names)), lambda frame: int(frame.estimated_size())):
                batch = pl.concat(held, rechunk=True)
                done += batch.height
                yield batch
        if done != expected:
            raise SourceError(
                f"{self._query.place} ended early: got {done:,} rows, counted {expected:,}; run it again",
                code="TRUNCATED",
            )

    def _framing(self, reading: Reading, names: list[str]) -> Callable[[list[Row]], pl.DataFrame]:
        """What makes a frame of rows."""
        make = [partial(self._text, name, place) for place, name in enumerate(unique_names(names), start=1)]
        return partial(_frame, make)

    def _text(self, name: str, place: int, cells: Sequence[object]) -> pl.Series:
        return text_series(name, cells, place, self._undecoded)


class TypedTable(Table):
    """A table in the types that its columns declare.

    :raises SourceError: ``UNEXPECTED_TYPE`` from :meth:`batches` if a cell is of another: SQLite stores anything
        anywhere
    """

    def __repr__(self) -> str:
        return f"TypedTable({self.identity!r})"

    def _framing(self, reading: Reading, names: list[str]) -> Callable[[list[Row]], pl.DataFrame]:
        columns = enumerate(zip(unique_names(names), declared(reading, names), strict=True), start=1)
        return partial(_frame, [self._column(name, place, kind) for place, (name, kind) in columns])

    def _column(self, name: str, place: int, kind: Kind | None) -> Callable[[Sequence[object]], pl.Series]:
        return partial(self._text, name, place) if kind is None else partial(typed_series, name, kind)


def _frame(columns: Sequence[Callable[[Sequence[object]], pl.Series]], rows: list[Row]) -> pl.DataFrame:
    import polars as pl

    cells = zip(*rows, strict=True) if rows else (() for _ in columns)
    return pl.DataFrame([make(column) for make, column in zip(columns, cells, strict=True)])


def _database(dataset: Dataset, clients: Clients) -> Database:
    return attempt(lambda: clients.database(dataset.connection), dataset.uri)


def _names(dataset: Dataset, dialect: Dialect) -> tuple[str, ...]:
    """Steps of the table's name, with the schema written out: a search path may lead to another table tomorrow."""
    found = [(quoted.replace('""', '"') or bare) for quoted, bare in _STEP.findall(dataset.path)]
    names = tuple(name.strip() for name in found)
    if _STEP.sub("", dataset.path) != "." * (len(names) - 1) or not 1 <= len(names) <= 3 or not all(names):
        raise SourceError(
            f"{dataset.uri} names no table: write sql://CONN_ID/schema.table, names that hold a dot in double quotes",
            code="NOT_FOUND",
        )
    return (dialect.schema, *names) if dialect.schema and len(names) == 1 else names


def _identity(database: Database, names: tuple[str, ...]) -> str:
    dialect = dialect_of(database.dialect)
    separator = "/" if dialect.scheme == "sqlite" else "."
    table = ".".join(map(dialect.canonical, names))
    return f"{dialect.scheme or database.dialect}://{database.place}{separator}{table}"


def _predicate(partition: str) -> tuple[str, str]:
    column, equals, value = partition.partition("=")
    if "\0" in partition or (partition and not (column.strip() and equals)):
        raise SourceError("the partition of a table is column=value, such as day=2026-11-23", code="PARTITION_INVALID")
    return column.strip(), value
