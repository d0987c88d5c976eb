"""The database that a dataset lives in, asked in a session of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from airflow_mlsecops.core.database import Database
from airflow_mlsecops.core.facts import DatabaseFacts, NotObserved
from airflow_mlsecops.observe import grants, questions, session

# Nothing behind a slash: `https://evil.example/:@crm.prod` leads to the first of both.
_CARRIED = re.compile(r"(?<=^server:)(?=[^/]*:)(?:[^:/]*://)?[^/]*@|[?#].*", re.DOTALL)
_HIDDEN = "server:(an address that may hold a password)"


def observe(database: Database, table: Sequence[str] = ()) -> DatabaseFacts | NotObserved:
    """Ask a database who this session is, how it came there, what its user may do, and who else reads the table.

    PostgreSQL answers all of it. A SQLite file has neither users nor sessions. Of others only the place is known, as
    their connection names it.

    :param table: steps of a table's name, its schema and itself the last two; empty: who reads it is not asked
    """
    if database.local:
        return _silent(database, "a file has neither users nor sessions")
    if database.dialect not in session.DIALECTS:
        return _silent(database, f"{database.dialect} is not asked: only PostgreSQL is")
    connection = session.opened(database)
    if isinstance(connection, NotObserved):
        return connection
    with closing(connection):
        return _asked_of_postgres(database, connection, table)


_ASKED = ("user", "tls", "superuser", "tls_verified", "cluster", "powers", "bridges", "grants")


def _silent(database: Database, why: str) -> DatabaseFacts:
    nothing = dict.fromkeys(_ASKED, NotObserved(why=why))
    return DatabaseFacts(dialect=database.dialect, place=database.place, local=database.local, **nothing)


def _asked_of_postgres(database: Database, connection: Any, table: Sequence[str]) -> DatabaseFacts | NotObserved:
    who = session.row(connection, questions.WHO, 2)
    if isinstance(who, NotObserved):
        return who
    user, name = map(session.text, who)
    superuser = _boolean(session.row(connection, questions.SUPERUSER, 1))
    return DatabaseFacts(
        dialect=database.dialect,
        place=f"{_address(connection) or database.place.rpartition('/')[0]}/{name}",
        user=user,
        tls=_tls(connection),
        superuser=superuser,
        tls_verified=_tls_verified(connection),
        cluster=_cluster(connection),
        powers=_SUPERUSER if superuser is True else _names(session.rows(connection, questions.POWERS)),
        bridges=_bridges(_names(session.rows(connection, questions.BRIDGES))),
        grants=grants.of_session(connection, table) if table else None,
    )


_SUPERUSER = NotObserved(why="the user is a superuser, or may become one: it has every power")


def _tls(connection: Any) -> bool | NotObserved:
    """What the server says of its end, and the driver of ours: a pooler in between has two sessions."""
    server = _boolean(session.row(connection, questions.TLS, 1))
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
    row = session.row(connection, questions.CLUSTER, 1)
    return row if isinstance(row, NotObserved) else session.text(row[0])


def _names(rows: list[tuple[Any, ...]] | NotObserved) -> tuple[str, ...] | NotObserved:
    return rows if isinstance(rows, NotObserved) else tuple(sorted(session.text(name) for (name,) in rows))


def _bridges(names: tuple[str, ...] | NotObserved) -> tuple[str, ...] | NotObserved:
    """Ways out by name; a host that was written as a web address may carry a password or a token along."""
    if isinstance(names, NotObserved):
        return names
    return tuple(sorted(map(_shown, names)))


def _shown(name: str) -> str:
    if not name.startswith("server:"):
        return name
    shown = _CARRIED.sub("", name)
    return _HIDDEN if "@" in shown and shown.count(":") > 1 else shown


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


def _boolean(row: tuple[Any, ...] | NotObserved) -> bool | NotObserved:
    if isinstance(row, NotObserved):
        return row
    return row[0] if isinstance(row[0], bool) else NotObserved(why="the database did not answer with true or false")
