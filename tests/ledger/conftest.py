"""A ledger on SQLite, then the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest

from airflow_mlsecops.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from tests.ledger.make import a_signer


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/ledger/ledger.db"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    name = {"sqlite": "sqlite_url", "postgres": "postgres_database"}[request.param]
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
