"""Reading one table in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.dialects import dialect_of, parameter, streaming_cursor
from airflow_mlsecops.sources.failure import attempt, driver_errors, guarded
from airflow_mlsecops.sources.interface import Database

T = TypeVar("T")
Row = tuple[Any, ...]

# Fetched at once: enough to forget the round trip, few enough for rows of long documents.
_STEP = 2_048


@dataclass(frozen=True)
class Query:
    """Which rows of which table.

    :param table: qualified and quoted
    :param names: the steps of its name, plain
    :param column: quoted, of the predicate ``column = value``; empty for every row
    :param value: compared with, always passed as a parameter
    :param place: for people
    """

    database: Database
    table: str
    column: str
    value: str
    place: str
    names: tuple[str, ...] = ()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A transaction that sees one state of the table; closing the connection ends it."""
        with closing(self._connect()) as connection:
            reading = Reading(self, connection)
            reading.begin()
            yield reading

    def _connect(self) -> Any:
        try:
            return attempt(self.database.connect, self.place, *driver_errors())
        except SourceError as error:
            # Drivers name no SQLSTATE for a server that does not answer.
            code = "UNREACHABLE" if error.code == "UNREADABLE" else error.code
            failure = SourceError(f"{error}; check the connection", code=code)
        raise failure


class Reading:
    """A transaction under way."""

    def __init__(self, query: Query, connection: Any) -> None:
        self._query = query
        self._connection = connection
        self._dialect = dialect_of(query.database.dialect)
        self._errors = driver_errors(connection)
        self.description: Sequence[Sequence[Any]] = ()

    @property
    def query(self) -> Query:
        """What is read."""
        return self._query

    @property
    def connection(self) -> Any:
        """The driver's connection."""
        return self._connection

    def begin(self) -> None:
        """Begin a transaction that leaves no row out and writes nothing."""
        if self._dialect.scheme == "sqlite":
            # Text that is not UTF-8 otherwise ends the query, with the cell in the exception.
            self._connection.text_factory = _text_or_bytes
        self._attempt(self._begin)

    def count(self) -> int:
        """Rows there.

        :raises SourceError: ``PARTITION_MISSING`` if no row has the partition's value
        """
        cursor = self._connection.cursor()
        found = int(self._attempt(lambda: self._counted(cursor)))
        if self._query.column and not found:
            raise SourceError(
                f"no row of {self._query.place} has the partition's value: check partition=, or put the task that "
                "writes it upstream",
                code="PARTITION_MISSING",
            )
        return found

    def rows(self) -> tuple[list[str], Iterator[list[Row]]]:
        """Names of the columns; rows, a few thousand at a time, at least one list."""
        cursor = streaming_cursor(self._connection, self._query.database.dialect)
        first = self._attempt(lambda: self._first(cursor))
        self.description = cursor.description
        names = [str(column[0]) for column in self.description]
        return names, guarded(_steps(cursor, first, len(names)), lambda: self._query.place, *self._errors)

    def ask(self, statement: str, *parameters: Any) -> list[Row]:
        """Every row of an answer that is short."""
        cursor = self._connection.cursor()
        self._attempt(lambda: cursor.execute(statement, *parameters))
        return [_values(row) for row in self._attempt(cursor.fetchall)]

    def _begin(self) -> None:
        for statement in self._dialect.begin:
            self._connection.cursor().execute(statement)

    def _counted(self, cursor: Any) -> Any:
        # identifiers are quoted by the dialect, the value is a parameter
        cursor.execute(f"SELECT count(*) AS n FROM {self._from}", *self._parameters)  # noqa: S608
        return _values(cursor.fetchone())[0]

    def _first(self, cursor: Any) -> list[Any]:
        cursor.execute(f"SELECT * FROM {self._from}", *self._parameters)  # noqa: S608
        # Fetched before the names are read: psycopg2's server-side cursors do not describe themselves earlier.
        return list(cursor.fetchmany(_STEP))

    @property
    def _from(self) -> str:
        query = self._query
        if not query.column:
            return query.table
        names = f"{query.table} WHERE {query.column} = "
        # Drivers that fill in by format read a per cent sign in a name as a place to fill.
        escaped = names.replace("%", "%%") if query.database.paramstyle.endswith("format") else names
        return escaped + str(self._parameter[0])

    @property
    def _parameters(self) -> tuple[Any, ...]:
        return (self._parameter[1],) if self._query.column else ()

    @property
    def _parameter(self) -> tuple[str, Any]:
        return parameter(self._query.database.paramstyle, self._query.value)

    def _attempt(self, act: Callable[[], T]) -> T:
        return attempt(act, self._query.place, *self._errors)


def _steps(cursor: Any, first: list[Any], width: int) -> Iterator[list[Row]]:
    yield [_row(row, width) for row in first]
    while step := cursor.fetchmany(_STEP):
        yield [_row(row, width) for row in step]
    cursor.close()


def _row(row: Any, width: int) -> Row:
    values = _values(row)
    if len(values) != width:
        raise SourceError(
            f"a row came with {len(values)} cells, expected {width}: use a plain cursor", code="UNREADABLE"
        )
    return values


def _values(row: Any) -> Row:
    # Some cursors give dicts, which iterate over names: the cells would never be looked at.
    return tuple(row.values()) if isinstance(row, Mapping) else tuple(row)


def _text_or_bytes(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
