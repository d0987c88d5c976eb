"""What a record changes beside the chain is written in as few journeys to the database as can be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from airflow_mlsecops.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from tests.ledger.make import attacker
from tests.ledger.test_overview import holds, said


@pytest.fixture
def asked() -> Iterator[list[str]]:
    statements: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", heard)
    yield statements
    event.remove(Engine, "before_cursor_execute", heard)


def many(number: int) -> tuple[object, ...]:
    return tuple(holds(subject=f"column_{place}", rows=number, of=10) for place in range(30))


def test_an_append_asks_a_database_afar_twelve_times(
    emptied_database: str, signer: PrivateKeySigner, keyring: Keyring, asked: list[str]
) -> None:
    with open_ledger(emptied_database, signer=signer, keyring=keyring) as ledger:
        ledger.append(said(number=1, findings=many(1)))
        asked.clear()
        ledger.append(said(number=2, findings=many(2)))
        assert len(asked) <= 12
        assert not any("payload" in one for one in asked if one.startswith("SELECT")), "its own record is read again"
        assert ledger.verify().ok


def test_pointers_that_stand_apart_are_brought_on_apart(ledger: Ledger, url: str) -> None:
    ledger.append(said(number=1, findings=(holds(),)))
    with attacker(url) as connection:  # as a ledger of before the trace is
        connection.execute("UPDATE mlsecops_traced SET sequence = 0")
        connection.execute("DELETE FROM mlsecops_trail")
    ledger.append(said(number=2, findings=(holds(),)))
    disagrees = {problem.code for problem in ledger.verify().problems}
    assert disagrees <= {"NOT_APPEND_ONLY"}  # whoever changed it has dropped the triggers
    assert [one.runs for one in ledger.sighted(None)] == [1]
