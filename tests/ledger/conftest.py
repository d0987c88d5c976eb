"""A ledger on SQLite, then the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path

import psycopg
import pytest

from airflow_mlsecops.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from tests._postgres import plain
from tests.ledger.make import a_signer


@pytest.fixture
def sqlite_url(in_memory: Path) -> str:
    return f"sqlite:///{in_memory}/ledger/ledger.db"


@pytest.fixture(scope="session")
def one_database(postgres_url: str) -> str:
    """A database for many tests: making one takes longer than most of them."""
    with psycopg.connect(plain(postgres_url), autocommit=True) as connection:
        connection.execute("CREATE DATABASE ledger_tests")
    return postgres_url.replace("/postgres?", "/ledger_tests?")


@pytest.fixture
def emptied_database(one_database: str) -> str:
    with psycopg.connect(plain(one_database), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
    return one_database


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    name = {"sqlite": "sqlite_url", "postgres": "emptied_database"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture
def signer() -> PrivateKeySigner:
    return a_signer()


@pytest.fixture
def keyring(signer: PrivateKeySigner) -> Keyring:
    return Keyring.of({"prod-1.pub": signer.public_pem})


@pytest.fixture
def ledger(url: str, signer: PrivateKeySigner, keyring: Keyring) -> Iterator[Ledger]:
    with open_ledger(url, signer=signer, keyring=keyring) as opened:
        yield opened


@pytest.fixture(scope="session")
def processes() -> BaseContext:
    """Processes that begin as copies of a small one that has imported what workers need."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.ledger.workers"])
    return context
