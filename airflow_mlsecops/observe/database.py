"""The database that a dataset lives in, asked in a session of its own."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Protocol

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.facts import DatabaseFacts, NotObserved

_POSTGRES = ("postgres", "postgresql")
_PATIENCE_MS = 10_000
# In front of every question: nothing is written, nothing waits for ever, and no table, function or operator on this
# role's search path answers in the catalogue's place. Temporary tables would otherwise be searched first.
_FRAME = (
    "SET TRANSACTION READ ONLY",
    f"SET LOCAL statement_timeout = {_PATIENCE_MS}",
    "SET LOCAL search_path = pg_catalog, pg_temp",
)
_WHO = "SELECT current_user::text, current_database()::text"
# The server's own view of this session, which cannot be configured to say otherwise.
_TLS = "SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()"
# Whoever may SET ROLE to a superuser, or write files and start programs on the server, may do anything.
_POWER = """
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_roles AS mighty
    WHERE (mighty.rolsuper OR mighty.rolname IN ('pg_execute_server_program', 'pg_write_server_files'))
      AND pg_has_role(session_user, mighty.oid, 'MEMBER')
)
"""


class Database(Protocol):
    """A database behind a connection; ``place`` is ``host:port/database``, or the path of a SQLite file."""

    @property
    def dialect(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def local(self) -> bool: ...  # noqa: D102

    def connect(self) -> Any:
        """Open a new PEP 249 connection, which the caller closes."""
        ...


def observe(database: Database) -> DatabaseFacts | NotObserved:
    """Ask a database who this session is, whether it is encrypted and what its user may do.

    PostgreSQL answers all of it. A SQLite file has neither users nor sessions. Of others only the place is known, as
    their connection names it.
    """
    if database.local:
        return _silent(database, "a file has neither users nor sessions")
    if database.dialect not in _POSTGRES:
        return _silent(database, f"{database.dialect} is not asked: only PostgreSQL is")
    try:
        connection = database.connect()
    except SourceError as error:
        return NotObserved(why=f"the database could not be opened ({error.code})")
    except _driver_errors() as error:
        return NotObserved(why=_explained(error))
    with closing(connection):
        return _asked_of_postgres(database, connection)


def _silent(database: Database, why: str) -> DatabaseFacts:
    nothing = NotObserved(why=why)
    return DatabaseFacts(
        dialect=database.dialect,
        place=database.place,
        local=database.local,
        user=nothing,
        tls=nothing,
        superuser=nothing,
    )


def _asked_of_postgres(database: Database, connection: Any) -> DatabaseFacts | NotObserved:
    who = _row(connection, _WHO, 2)
    if isinstance(who, NotObserved):
        return who
    user, name = map(_text, who)
    return DatabaseFacts(
        dialect=database.dialect,
        place=f"{_address(connection) or database.place.rpartition('/')[0]}/{name}",
        user=user,
        tls=_tls(connection),
        superuser=_boolean(_row(connection, _POWER, 1)),
    )


def _tls(connection: Any) -> bool | NotObserved:
    """What the server says of its end, and the driver of ours: a pooler in between has two sessions."""
    server = _boolean(_row(connection, _TLS, 1))
    ours = getattr(getattr(connection, "pgconn", None), "ssl_in_use", None)  # psycopg
    if ours is None:
        ours = getattr(getattr(connection, "info", None), "ssl_in_use", None)  # psycopg2
    return False if ours is False else server


def _address(connection: Any) -> str:
    """``host:port`` that the driver really dialled; empty if it does not tell."""
    info = getattr(connection, "info", None)
    host, port = getattr(info, "host", None), getattr(info, "port", None)
    # hostaddr beside host dials the address, and keeps the name for show.
    host = _parameters(info).get("hostaddr") or host
    if not host or not port:
        return ""
    return f"[{host}]:{port}" if ":" in host and not host.startswith("/") else f"{host}:{port}"


def _parameters(info: Any) -> Mapping[str, str]:
    if hasattr(info, "get_parameters"):  # psycopg
        return dict(info.get_parameters())
    return dict(getattr(info, "dsn_parameters", None) or {})  # psycopg2


def _row(connection: Any, question: str, columns: int) -> tuple[Any, ...] | NotObserved:
    """The only row of an answer, from a transaction of its own: a refusal must not spoil the next question."""
    try:
        with closing(connection.cursor()) as cursor:
            for statement in (*_FRAME, question):
                cursor.execute(statement)
            rows = cursor.fetchall()
        connection.rollback()
    except _driver_errors(connection) as error:
        failure = NotObserved(why=_explained(error))
    else:
        return _only(rows, columns)
    _undo(connection)
    return failure


def _only(rows: list[Any], columns: int) -> tuple[Any, ...] | NotObserved:
    cells = [tuple(row.values()) if isinstance(row, Mapping) else tuple(row) for row in rows]
    if len(cells) != 1 or len(cells[0]) != columns:
        return NotObserved(why=f"the database gave {len(cells)} rows where one was expected")
    return cells[0]


def _undo(connection: Any) -> None:
    try:
        connection.rollback()
    except _driver_errors(connection):
        return  # the session is gone; every further question will say so itself


def _boolean(row: tuple[Any, ...] | NotObserved) -> bool | NotObserved:
    if isinstance(row, NotObserved):
        return row
    return row[0] if isinstance(row[0], bool) else NotObserved(why="the database did not answer with true or false")


def _text(cell: Any) -> str:
    # psycopg leaves text as bytes where the database's encoding is SQL_ASCII.
    return cell.decode("utf-8", "backslashreplace") if isinstance(cell, bytes) else str(cell)


def _driver_errors(connection: object = None) -> tuple[type[BaseException], ...]:
    """What drivers raise: every module loaded so far that PEP 249 describes says so itself."""
    modules = [vars(module) for module in list(sys.modules.values()) if hasattr(module, "__dict__")]
    errors = [module.get("Error") for module in modules if module.get("apilevel") == "2.0"]
    errors.append(getattr(connection, "Error", None))
    return (OSError, *{kind for kind in errors if isinstance(kind, type) and issubclass(kind, BaseException)})


def _explained(error: BaseException) -> str:
    """Class and SQLSTATE; a driver's text repeats what it was given, passwords and rows included."""
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    detail = f", SQLSTATE {state}" if isinstance(state, str) and len(state) == 5 and state.isalnum() else ""
    return f"the database did not answer ({type(error).__name__}{detail})"
