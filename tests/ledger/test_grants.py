"""A role that may add, and nothing else: proven by being that role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.ledger import Ledger, grants, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from tests._postgres import plain
from tests.ledger.make import DATASET, PROD, a_record

ROLES = [  # names that PostgreSQL allows, and that would be something else if they were not quoted
    "writer",
    "Writer",
    "select",
    'a"b',
    '"',
    "x; DROP TABLE mlsecops_record; --",
    'x"; DROP TABLE mlsecops_record; --',
    "x'--",
    "{role}",
    "$$x$$",
    "public2",
    "current_user",
    "é" * 31,
]
NO_ROLES = ["", "public", "PUBLIC", "none", "a\nb", "a\0b", "x\r-- ", "a\u2028b", "\t", "é" * 32, "w" * 64]


@pytest.mark.parametrize("role", NO_ROLES)
def test_names_that_would_mean_another_role_are_refused(role: str) -> None:
    with pytest.raises(LedgerError) as caught:
        grants("postgresql", role)
    assert caught.value.code == "ROLE_INVALID"


def test_sqlite_has_no_roles() -> None:
    text = grants("sqlite", 'x"; DROP TABLE mlsecops_record; --')
    assert "DROP" not in text
    assert all(line.startswith("--") for line in text.splitlines())


def test_other_databases_are_refused() -> None:
    with pytest.raises(LedgerError) as caught:
        grants("mysql", "writer")
    assert caught.value.code == "DIALECT_UNKNOWN"


@pytest.fixture
def owner(postgres_database: str, signer: PrivateKeySigner, keyring: Keyring) -> Iterator[Ledger]:
    with open_ledger(postgres_database, signer=signer, keyring=keyring) as ledger:
        ledger.append(a_record())
        yield ledger


def test_the_role_may_append_and_read_only(
    postgres_database: str, owner: Ledger, signer: PrivateKeySigner, keyring: Keyring
) -> None:
    for role in ROLES:
        with as_role(postgres_database, role):
            may_append(postgres_database, signer, keyring, role)
            may_not_change(postgres_database, role)
    found = owner.verify()
    assert (found.ok, found.entries) == (True, 1 + len(ROLES))


@contextmanager
def as_role(url: str, role: str) -> Iterator[None]:
    quoted = '"' + role.replace('"', '""') + '"'
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {quoted} LOGIN")  # type: ignore[call-overload]
        try:
            connection.execute(grants("postgresql", role))  # type: ignore[call-overload]
            yield
        finally:
            connection.execute(f"DROP OWNED BY {quoted}")  # type: ignore[call-overload]
            connection.execute(f"DROP ROLE {quoted}")  # type: ignore[call-overload]


def may_append(url: str, signer: PrivateKeySigner, keyring: Keyring, role: str) -> None:
    from sqlalchemy.engine import make_url

    theirs = make_url(url).set(username=role).render_as_string(hide_password=False)
    with open_ledger(theirs, signer=signer, keyring=keyring) as ledger:
        entry = ledger.append(a_record())
        assert ledger.latest(DATASET, PROD) == entry
        with pytest.raises(LedgerError, match="permission was refused"):
            ledger.begin_index_anew()
        assert ledger.verify().ok


REFUSED = [
    "UPDATE mlsecops_record SET outcome = 'pass'",
    "DELETE FROM mlsecops_record",
    "TRUNCATE mlsecops_record",
    "DELETE FROM mlsecops_head",
    "TRUNCATE mlsecops_head",
    "INSERT INTO mlsecops_head VALUES (2, 0, '')",
    "UPDATE mlsecops_head SET id = 1",
    "UPDATE mlsecops_head SET sequence = 0",
    "DELETE FROM mlsecops_current",
    "TRUNCATE mlsecops_current",
    "UPDATE mlsecops_current SET sequence = 0",
    "UPDATE mlsecops_current SET gate = 'seal'",
    "ALTER TABLE mlsecops_record DISABLE TRIGGER ALL",
    "DROP TRIGGER mlsecops_record_update ON mlsecops_record",
    "DROP TABLE mlsecops_record",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION mlsecops_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
]


def may_not_change(url: str, role: str) -> None:
    with psycopg.connect(plain(url), user=role, autocommit=True) as connection:
        for statement in REFUSED:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
