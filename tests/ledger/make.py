"""Short ways to make records, and to open ledgers as an attacker would."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from airflow_mlsecops.core.record import Record, Run, record_id
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.ledger.keys import PrivateKeySigner
from tests._postgres import plain

DATASET = "file:///lake/features/churn"
PROD = "prod"


def a_record(
    outcome: Outcome = Outcome.PASS,
    *,
    gate: Gate = Gate.CLASSIFY,
    dataset: str = DATASET,
    environment: str = PROD,
    time: datetime | None = None,
    task_id: str = "classify",
    run_id: str = "r1",
    **changes: Any,
) -> Record:
    """A record like any other, with an id of its own."""
    time = time or datetime.now(UTC)
    return Record(
        id=record_id(time, secrets.token_bytes(10)),
        time=time,
        environment=environment,
        producer="tests/1",
        run=Run(dag_id="churn", run_id=run_id, task_id=task_id),
        verdict=Verdict(gate=gate, outcome=outcome, dataset=dataset, uri=dataset, policy="p" * 64, **changes),
    )


def a_private_pem() -> bytes:
    """A private key that nobody has seen before."""
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def a_signer(key_id: str = "prod-1") -> PrivateKeySigner:
    """A signer with a key of its own."""
    return PrivateKeySigner.from_pem(a_private_pem(), key_id)


def file_of(url: str) -> Path:
    """The file of a SQLite ledger."""
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def attacker(url: str) -> Iterator[Any]:
    """A connection of somebody who owns the tables and has taken the triggers away."""
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(file_of(url), isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in names:
            connection.execute(f"DROP TRIGGER {name}")
    else:
        connection = psycopg.connect(plain(url), autocommit=True)
        for table in ("record", "head", "current"):
            connection.execute(f"ALTER TABLE mlsecops_{table} DISABLE TRIGGER ALL")
    with closing(connection):
        yield connection
