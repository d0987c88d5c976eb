"""The database that a dataset lives in, asked in a session of its own."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, Protocol

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.facts import DatabaseFacts, NotObserved
from airflow_mlsecops.observe import questions

_CARRIED = re.compile(r"(?<=:)[^:]*:[^@]*@|[?#].*", re.DOTALL)
_POSTGRES = ("postgres", "postgresql")
_PATIENCE_MS = 10_000
# In front of every question: nothing is written, nothing waits for ever, and no table, function or operator on this
# role's search path answers in the catalogue's place. Temporary tables would otherwise be searched first.
_FRAME = (
    "SET TRANSACTION READ ONLY",
    f"SET LOCAL statement_timeout = {_PATIENCE_MS}",
    "SET LOCAL search_path = pg_catalog, pg_temp",
)


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


def observe(database: Database, table: Sequence[str] = ()) -> DatabaseFacts | NotObserved:
    """Ask a database who this session is, how it came there, what its user may do, and who else reads the table.

    PostgreSQL answers all of it. A SQLite file has neither users nor sessions. Of others only the place is known, as
    their connection names it.

    :param table: steps of a table's name, its schema and itself the last two; empty: who reads it is not asked
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
        return _asked_of_postgres(database, connection, table)


_ASKED = ("user", "tls", "superuser", "tls_verified", "cluster", "powers", "bridges", "readers")


def _silent(database: Database, why: str) -> DatabaseFacts:
    nothing = dict.fromkeys(_ASKED, NotObserved(why=why))
    return DatabaseFacts(dialect=database.dialect, place=database.place, local=database.local, **nothing)


def _asked_of_postgres(database: Database, connection: Any, table: Sequence[str]) -> DatabaseFacts | NotObserved:
    who = _row(connection, questions.WHO, 2)
    if isinstance(who, NotObserved):
        return who
    user, name = map(_text, who)
    superuser = _boolean(_row(connection, questions.SUPERUSER, 1))
    return DatabaseFacts(
        dialect=database.dialect,
        place=f"{_address(connection) or database.place.rpartition('/')[0]}/{name}",
        user=user,
        tls=_tls(connection),
        superuser=superuser,
        tls_verified=_tls_verified(connection),
        cluster=_cluster(connection),
        powers=_SUPERUSER if superuser is True else _names(_rows(connection, questions.POWERS)),
        bridges=_bridges(_names(_rows(connection, questions.BRIDGES))),
        readers=_readers(connection, table) if table else None,
    )


_SUPERUSER = NotObserved(why="the user is a superuser, or may become one: it has every power")


def _tls(connection: Any) -> bool | NotObserved:
    """What the server says of its end, and the driver of ours: a pooler in between has two sessions."""
    server = _boolean(_row(connection, questions.TLS, 1))
    ours = getattr(getattr(connection, "pgconn", None), "ssl_in_use", None)  # psycopg
    if ours is None:
        ours = getattr(getattr(connection, "info", None), "ssl_in_use", None)  # psycopg2
    return False if ours is False else server


def _tls_verified(connection: Any) -> bool | NotObserved:
    """Whether the driver refuses a server whose certificate does not carry the name that was dialled."""
    said = _parameters(getattr(connection, "info", None))
    if not said:
        return NotObserved(why="the driver does not tell how it connects")
    return said.get("sslmode") == "verify-full"


def _cluster(connection: Any) -> str | NotObserved:
    row = _row(connection, questions.CLUSTER, 1)
    return row if isinstance(row, NotObserved) else _text(row[0])


def _readers(connection: Any, table: Sequence[str]) -> tuple[str, ...] | NotObserved:
    if len(table) < 2:
        return NotObserved(why="the dataset names no table with its schema")
    rows = _rows(connection, questions.READERS, *table[-2:])
    if isinstance(rows, NotObserved):
        return rows
    if (0, None) not in rows:
        return NotObserved(why="there is no such table in this database")
    return _names([(name,) for _, name in rows if name is not None])


def _names(rows: list[tuple[Any, ...]] | NotObserved) -> tuple[str, ...] | NotObserved:
    return rows if isinstance(rows, NotObserved) else tuple(sorted(_text(name) for (name,) in rows))


def _bridges(names: tuple[str, ...] | NotObserved) -> tuple[str, ...] | NotObserved:
    """Ways out by name; a host that was written as a web address may carry a password or a token along."""
    if isinstance(names, NotObserved):
        return names
    return tuple(_CARRIED.sub("", name) if name.startswith("server:") else name for name in names)


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


def _rows(connection: Any, question: str, *values: str) -> list[tuple[Any, ...]] | NotObserved:
    """An answer, from a transaction of its own: a refusal must not spoil the next question."""
    try:
        with closing(connection.cursor()) as cursor:
            for statement in _FRAME:
                cursor.execute(statement)
            cursor.execute(question, *((values,) if values else ()))
            rows = cursor.fetchall()
        connection.rollback()
    except _driver_errors(connection) as error:
        failure = NotObserved(why=_explained(error))
    else:
        return [tuple(row.values()) if isinstance(row, Mapping) else tuple(row) for row in rows]
    _undo(connection)
    return failure


def _row(connection: Any, question: str, columns: int) -> tuple[Any, ...] | NotObserved:
    """The only row of an answer."""
    rows = _rows(connection, question)
    if isinstance(rows, NotObserved):
        return rows
    if len(rows) != 1 or len(rows[0]) != columns:
        return NotObserved(why=f"the database gave {len(rows)} rows where one was expected")
    return rows[0]


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
