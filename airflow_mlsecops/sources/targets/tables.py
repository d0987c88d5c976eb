"""Tables as targets.

What is staged is a table ``<table>__staging_<run>`` beside the target; with SQLite in a file beside the database. It is
published in one transaction: the rows of the target, or of its partition, are deleted and those staged inserted, by the
names of the columns; so grants and indexes of a table that is there stay. A table that is not there is made.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar, cast

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.dialects import dialect_of
from airflow_mlsecops.sources.failure import attempt, driver_errors, expected
from airflow_mlsecops.sources.interface import Clients
from airflow_mlsecops.sources.query import Query
from airflow_mlsecops.sources.sql import Place, Table, place_of
from airflow_mlsecops.sources.targets.columns import require_same
from airflow_mlsecops.sources.targets.failure import attempt_write
from airflow_mlsecops.sources.targets.kinds import in_microseconds
from airflow_mlsecops.sources.targets.layout import unsupported
from airflow_mlsecops.sources.targets.postgres import PostgresSession
from airflow_mlsecops.sources.targets.requirements import (
    require_columns,
    require_independent,
    require_names,
    require_partition,
    require_table,
)
from airflow_mlsecops.sources.targets.session import Session
from airflow_mlsecops.sources.targets.sqlite import SqliteSession
from airflow_mlsecops.sources.targets.stages import Stages

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
SESSIONS: dict[str, type[Session]] = {"postgres": PostgresSession, "sqlite": SqliteSession}


def open_table(dataset: Dataset, partition: str, clients: Clients, run: str, format: str | None) -> TableTarget:
    """A table, or those of its rows where a column has one value."""
    place = place_of(dataset, partition, clients)
    if dialect_of(place.database.dialect).scheme not in SESSIONS:
        raise unsupported(dataset, f"tables are written to PostgreSQL and SQLite, not to {place.database.dialect}")
    if format:
        raise SourceError(f"{dataset.uri} is a table, and format={format}: leave format= out", code="TARGET_FORMAT")
    return TableTarget(place, dataset, run)


class TableTarget:
    """One table, or the rows of one partition."""

    def __init__(self, place: Place, dataset: Dataset, run: str) -> None:
        self.identity = place.identity
        self._place = place
        self._dataset = dataset
        self._run = run

    def __repr__(self) -> str:
        return f"TableTarget({self.identity!r})"

    @contextmanager
    def staging(self) -> Iterator[TableStaging]:
        """A table beside the target, dropped when the block ends."""
        staging = TableStaging(self._place, self._dataset, self._run)
        try:
            staging.begin()
            yield staging
        finally:
            staging.discard()


class TableStaging:
    """Rows on their way to their table."""

    def __init__(self, place: Place, dataset: Dataset, run: str) -> None:
        self._place = place
        self._uri = dataset.uri
        self._connection = dataset.connection
        self._run = run
        self._schema: pl.Schema | None = None
        self._types = ""
        self._session: Session | None = None
        self._begun = False
        self._reading: Query | None = None
        self._stages = Stages()

    def begin(self) -> None:
        """Get ready to stage; what an attempt of the same run has left goes."""
        self._session = self._opened()
        self._begun = True
        self._attempt(lambda session: require_table(session, self._uri))
        self._attempt(lambda session: session.begin_staging())

    def write(self, frame: pl.DataFrame) -> None:
        """Write some rows.

        :raises SourceError: ``NO_COLUMNS``, ``SCHEMA_CHANGED``, ``TARGET_COLUMNS`` if the table that is there has
            others, ``TARGET_CANNOT_HOLD``
        """
        with self._stages.writing():
            rows = in_microseconds(frame)
            if self._schema is None:
                self._schema = rows.schema
                self._attempt(self._create)
            require_same(self._schema, rows.schema, self._uri)
            if rows.height:
                self._attempt(lambda session: session.insert(rows))

    def finish(self) -> None:
        """Commit."""
        self._stages.require("open")
        if self._schema is None:
            raise SourceError(f"nothing to write to {self._uri}: no column is left", code="NO_COLUMNS")
        self._attempt(Session.commit)
        database, table = self._attempt(lambda session: session.reading())
        self._reading = Query(database, table, column="", value="", place=self._uri)
        self._end_session()
        self._stages.reach("finished")

    def source(self) -> Table:
        """Every row that was written."""
        self._stages.require("finished")
        return Table(self._place.identity, cast(Query, self._reading))

    def publish(self) -> None:
        """Delete the rows that are to go and insert those staged, all in one transaction."""
        self._stages.require("finished")
        self._in_transaction(self._publish)
        self._stages.reach("gone")

    def set_aside(self) -> str:
        """Let it be the table ``<table>__quarantine_<run>``, for its owner alone."""
        self._stages.require("finished")
        name = self._in_transaction(self._set_aside)
        self._stages.reach("gone")
        return f"sql://{self._connection}/{'.'.join(map(_step, (*self._place.names[:-1], name)))}"

    def discard(self) -> None:
        """Remove what is staged; what is published is a copy of it, what is set aside has another name."""
        self._end_session()
        if not self._begun:
            return
        try:
            self._session = self._opened()
            self._attempt(lambda session: session.drop_staged())
        except SourceError as error:
            _LOG.warning("what was staged for %s could not be dropped (%s): drop it by hand", self._uri, error.code)
        finally:
            self._end_session()

    # --- steps of the above

    def _create(self, session: Session) -> None:
        schema = self._written
        require_names(session, schema.names())
        self._types = ", ".join(f"{session.quoted(name)} {session.type_of(kind)}" for name, kind in schema.items())
        if require_table(session, self._uri):
            require_columns(session, schema.names(), self._uri)
            # In the table's own types: a cell that does not fit them is noticed now.
            session.execute(f"CREATE TABLE {session.staged} AS SELECT * FROM {session.target} LIMIT 0")  # noqa: S608
        else:
            session.execute(f"CREATE TABLE {session.staged} ({self._types})")
        session.protect()

    def _publish(self, session: Session) -> None:
        if not require_table(session, self._uri):
            session.execute(f"CREATE TABLE {session.target} ({self._types})")
        session.lock()
        require_columns(session, self._written.names(), self._uri)
        require_independent(session, self._uri)
        self._delete(session)
        rows = int(session.value(f"SELECT count(*) AS n FROM {session.staged}"))  # noqa: S608
        names = ", ".join(map(session.quoted, self._written.names()))
        done = session.execute(f"INSERT INTO {session.target} ({names}) SELECT {names} FROM {session.staged}")  # noqa: S608
        if done.rowcount != rows:
            raise SourceError(
                f"{self._uri} took {done.rowcount:,} rows, expected {rows:,}: a trigger or rule of the table keeps some"
                " out; nothing was changed",
                code="TARGET_UNWRITABLE",
            )

    def _delete(self, session: Session) -> None:
        delete = f"DELETE FROM {session.target}"  # noqa: S608
        if not self._place.column:
            session.execute(delete)
            return
        require_partition(session, self._place.column, self._place.value, self._uri)
        session.execute(*session.where(delete, self._place.column, self._place.value))

    def _set_aside(self, session: Session) -> str:
        number, name = 1, session.beside("quarantine")
        while session.kind((*session.names[:-1], name)):
            number += 1
            name = session.beside("quarantine", f"_{number}")
        session.keep_staged(name)
        return name

    @property
    def _written(self) -> pl.Schema:
        return cast("pl.Schema", self._schema)

    def _opened(self) -> Session:
        database = self._place.database
        try:
            connection = attempt(database.connect, self._uri, *driver_errors())
        except SourceError as error:
            code = "UNREACHABLE" if error.code == "UNREADABLE" else error.code
            failure = SourceError(f"{error}; check the connection", code=code)
        else:
            kind = SESSIONS[dialect_of(database.dialect).scheme]
            return kind(database, connection, self._place.names, self._run)
        raise failure

    def _attempt(self, act: Callable[[Session], T]) -> T:
        session = cast(Session, self._session)
        return attempt_write(lambda: act(session), self._uri, *session.errors)

    def _in_transaction(self, act: Callable[[Session], T]) -> T:
        self._session = self._opened()
        try:
            self._attempt(lambda session: session.begin_publishing())
            done = self._attempt(act)
            self._attempt(Session.commit)
        finally:
            self._end_session()
        return done

    def _end_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(*expected(*session.errors)):
                session.close()


def _step(name: str) -> str:
    """A step of a table's name as a dataset string has it."""
    return name if name.isidentifier() else '"' + name.replace('"', '""') + '"'
