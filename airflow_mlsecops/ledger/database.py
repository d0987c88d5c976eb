"""A database that answers in bounded time, or is said not to."""

from __future__ import annotations

import math
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.ledger.bounded import bounded
from airflow_mlsecops.ledger.failures import translated
from airflow_mlsecops.ledger.secret_file import private_folder

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

T = TypeVar("T")
_POOL = 5


class Database:
    """SQLite or PostgreSQL behind a URL; every piece of work is one transaction, bounded in time.

    :param url: SQLAlchemy URL; ``postgresql://`` takes the driver that is installed, psycopg first
    :raises LedgerError: ``LEDGER_URL_INVALID``
    """

    def __init__(self, url: str, timeout: float) -> None:
        self._url = _parsed(url)
        self.place = _place(self._url)
        self.timeout = timeout
        self.sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(self._url, timeout) if self.sqlite else _postgres_engine(self._url, timeout)
        self._process = os.getpid()

    def prepare(self, exists: Callable[[Connection], bool], create: Callable[[Connection], None]) -> None:
        """Create what is not there.

        :param exists: true if all of it is there
        :raises LedgerError: if it cannot be reached, or created, in time
        """
        if self.sqlite:
            self._bounded(self._prefer_wal)
        if not self.read(exists):
            self.write(create)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do work in one transaction that waits its turn, then is durable.

        :raises LedgerError: if it was not acknowledged in time
        """

        def transaction() -> T:
            with self._writing() as connection, connection.begin():
                if not self.sqlite:
                    _take_turn(connection, self.timeout)
                return work(connection)

        return self._bounded(transaction)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Do work that sees one moment of the database.

        :raises LedgerError: if it was not answered in time
        """

        def transaction() -> T:
            with self._reading() as connection:
                return work(connection)

        return self._bounded(transaction)

    @contextmanager
    def snapshot(self) -> Iterator[Callable[[Callable[[Connection], T]], T]]:
        """One moment of the database, for several pieces of work, each bounded in time."""
        connection = self._bounded(self._reading)
        try:
            yield lambda work: self._bounded(lambda: work(connection))
        except BaseException:
            with suppress(LedgerError):  # it may be what does not answer; what is raised has been said already
                bounded(connection.close, self.place, 0)
            raise
        self._bounded(connection.close)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _bounded(self, work: Callable[[], T]) -> T:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            return bounded(work, self.place, self.timeout)
        except (SQLAlchemyError, sqlite3.Error, OSError, ValueError) as error:
            raise translated(error, self.place, self.timeout) from None

    def _prefer_wal(self) -> None:
        """Let readers go on while one writes; where the file system or another user forbids it, all take turns."""
        with closing(self._engine.raw_connection()) as connection, suppress(sqlite3.OperationalError):
            connection.cursor().execute("PRAGMA journal_mode = WAL")

    def _connected(self) -> Connection:
        if self._process != os.getpid():
            # After a fork both processes would talk over the same sockets.
            self._engine.dispose(close=False)
            self._process = os.getpid()
        return self._engine.connect()

    def _writing(self) -> Connection:
        options = {"mlsecops_write": True} if self.sqlite else {"isolation_level": "READ COMMITTED"}
        return self._connected().execution_options(**options)

    def _reading(self) -> Connection:
        options = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        return self._connected().execution_options(**options)


def _parsed(url: str) -> URL:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise _bad_url("it is no SQLAlchemy URL") from None
    backend, _, driver = parsed.drivername.partition("+")
    if backend == "sqlite" and driver in ("", "pysqlite"):
        return parsed
    if backend in ("postgresql", "postgres") and driver in ("", "psycopg", "psycopg2"):
        return parsed.set(drivername=f"postgresql+{driver or _postgres_driver()}")
    raise _bad_url(f"it names {parsed.drivername}")


def _bad_url(why: str) -> LedgerError:
    return LedgerError(
        f"the ledger's URL cannot be used: {why}; expected sqlite:////folder/ledger.db or postgresql://user@host/database",
        code="LEDGER_URL_INVALID",
    )


def _postgres_driver() -> str:
    from importlib.util import find_spec

    driver = next((name for name in ("psycopg", "psycopg2") if find_spec(name)), None)
    if driver is None:
        raise LedgerError(
            "the ledger's URL names PostgreSQL and no driver is installed: pip install 'airflow-mlsecops[postgres]'",
            code="LEDGER_NO_DRIVER",
        )
    return driver


def _place(url: URL) -> str:
    """Where it is, without user, password or options."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{url.database}"
    host = url.host or url.query.get("host") or "localhost"
    return f"postgresql://{host}{f':{url.port}' if url.port else ''}/{url.database or ''}"


def _sqlite_engine(url: URL, timeout: float) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    _make_file(url)
    engine = create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": timeout, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, below
        # An edited text that is no UTF-8 must be read to be called edited.
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # IMMEDIATE takes the write lock first: two readers that both want to write would refuse each other for ever.
        writes = connection.get_execution_options().get("mlsecops_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make_file(url: URL) -> None:
    name = url.database or ""
    if name in ("", ":memory:") or "mode=memory" in name or url.query.get("mode") == "memory":
        raise _bad_url("a ledger in memory keeps no proof beyond its process")
    if name.startswith("file:"):  # an SQLite URI: whoever writes one says what may be created
        return
    path = Path(name)
    try:
        private_folder(path.parent)
        # SQLite gives its journal files the mode of the database's file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise translated(error, _place(url), 0) from None


def _postgres_engine(url: URL, timeout: float) -> Engine:
    from sqlalchemy import create_engine

    arguments: dict[str, Any] = {
        "connect_timeout": max(2, math.ceil(timeout)),
        "tcp_user_timeout": int(timeout * 1000),
        "application_name": "airflow-mlsecops",
    }
    if url.get_driver_name() == "psycopg":
        arguments["prepare_threshold"] = None  # poolers between us and the server keep no prepared statements
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=_POOL,
        max_overflow=_POOL,
        pool_timeout=timeout,
        pool_pre_ping=True,
        connect_args=arguments,
    )


def _take_turn(connection: Connection, timeout: float) -> None:
    """Wait for this ledger's other writers, first come first served, in a transaction that the server bounds too.

    A worker that stops in mid-append so frees the ledger. Writers that queued for the head row itself would all wake at
    every commit.
    """
    from sqlalchemy import text

    milliseconds = max(10, int(timeout * 1000))  # 0 would mean for ever
    connection.execute(text(_TAKE_TURN), {"lock": str(milliseconds * 9 // 10), "ms": str(milliseconds), "turn": _TURN})


_TURN = 0x6D6C7365  # "mlse"
_TAKE_TURN = """
SELECT set_config('lock_timeout', :lock, true), set_config('statement_timeout', :ms, true),
    set_config('idle_in_transaction_session_timeout', :ms, true),
    set_config('synchronous_commit', coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), true),
    pg_advisory_xact_lock(:turn, coalesce(to_regclass('mlsecops_head')::oid::int4, 0))"""
