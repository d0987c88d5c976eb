"""What is appended comes back, in order, believed; what is not signed does not get in."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.classification import How, Sighting
from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.record import GENESIS, Record, canonical, chain_hash
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.ledger import Head, Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from tests._postgres import plain
from tests.ledger import workers
from tests.ledger.make import DATASET, PROD, a_record, a_signer, file_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_ledger_begins_empty(ledger: Ledger) -> None:
    assert ledger.head() == Head(sequence=0, hash=GENESIS)
    assert ledger.latest(DATASET, PROD) is None
    assert ledger.history() == ()
    assert ledger.entry("0" * 32) is None
    found = ledger.verify()
    assert (found.ok, found.entries, found.problems, found.head) == (True, 0, (), GENESIS)


def test_entries_form_a_chain(ledger: Ledger, signer: PrivateKeySigner) -> None:
    first, second = ledger.append(a_record()), ledger.append(a_record())
    assert (first.sequence, first.previous, first.key_id) == (1, GENESIS, signer.key_id)
    assert (second.sequence, second.previous) == (2, first.hash)
    assert second.hash == chain_hash(2, first.hash, signer.key_id, canonical(second.record))
    assert ledger.head() == Head(sequence=2, hash=second.hash)
    assert ledger.entry(first.record.id) == first
    assert ledger.verify().ok
    assert ledger.verify().entries == 2


NEAR = [  # what is appended after the record that is asked for, and must not answer for it
    {"dataset": DATASET + "2"},
    {"dataset": DATASET.upper()},
    {"environment": "prod-2"},
    {"environment": ""},
    {"gate": Gate.ACCESS},
]


@pytest.mark.parametrize("near", NEAR, ids=str)
def test_latest_is_of_that_dataset_environment_and_gate(ledger: Ledger, near: dict[str, Any]) -> None:
    entry = ledger.append(a_record())
    ledger.append(a_record(Outcome.FAIL, **near))
    assert ledger.latest(DATASET, PROD, Gate.CLASSIFY) == entry


def test_latest_is_the_newest_appended_whatever_its_outcome_or_time(ledger: Ledger) -> None:
    ledger.append(a_record(Outcome.PASS, time=NOON))
    entry = ledger.append(a_record(Outcome.FAIL, time=NOON - timedelta(days=1)))
    assert ledger.latest(DATASET, PROD) == entry
    access = ledger.append(a_record(gate=Gate.ACCESS))
    assert ledger.latest(DATASET, PROD) == access
    assert ledger.latest(DATASET, PROD, Gate.CLASSIFY) == entry


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [4, 3, 2, 1]),
    ({"limit": 2}, [4, 3]),
    ({"dataset": DATASET}, [4, 2, 1]),
    ({"environment": "dev"}, [3]),
    ({"dag_id": "churn"}, [4, 3, 2, 1]),
    ({"dag_id": "chur_"}, []),
    ({"dag_id": "churn", "run_id": "r2"}, [4]),
    ({"run_id": ""}, []),
    ({"task_id": "b"}, [2]),
    ({"gate": Gate.ACCESS}, [2]),
    ({"outcome": Outcome.FAIL}, [3]),
    ({"outcome": Outcome.FAIL, "environment": PROD}, []),
    ({"since": NOON}, [4, 3, 2]),
    ({"since": NOON + timedelta(microseconds=1)}, [4, 3]),
    ({"since": datetime(2026, 11, 23, 13, tzinfo=timezone(timedelta(hours=1)))}, [4, 3, 2]),
    ({"since": NOON + timedelta(days=9)}, []),
]


def four(ledger: Ledger) -> None:
    ledger.append(a_record(time=NOON - timedelta(microseconds=1), task_id="a"))
    ledger.append(a_record(time=NOON, task_id="b", gate=Gate.ACCESS))
    ledger.append(a_record(Outcome.FAIL, time=NOON + timedelta(hours=1), environment="dev", dataset="file:///other"))
    ledger.append(a_record(time=NOON + timedelta(hours=2), run_id="r2"))


def test_history_holds_what_fits_newest_first(ledger: Ledger) -> None:
    four(ledger)
    for asked, expected in FILTERS:
        assert ([entry.sequence for entry in ledger.history(**asked)], asked) == (expected, asked)


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXT, rows=st.integers(0, 2**53), seconds=st.floats(0, 1e9), enforced=st.booleans())
def test_any_record_reads_back_as_it_was(ledger: Ledger, name: str, rows: int, seconds: float, enforced: bool) -> None:
    record = a_record(
        dataset=name,
        run_id=name,
        environment=name,
        seconds=seconds,
        enforced=enforced,
        parts=rows,
        sightings=(Sighting(column=name, entity="EMAIL_ADDRESS", rows=rows, how=How.VALIDATED),),
        findings=(Finding(status=Status.FAIL, code="X_Y", subject=name, reason=name),),
    )
    entry = ledger.append(record)
    assert entry.record == record
    assert ledger.entry(record.id) == entry
    assert ledger.latest(name, name) == entry
    assert ledger.history(run_id=name, limit=1) == (entry,)


def test_a_record_that_json_cannot_hold_is_refused(ledger: Ledger) -> None:
    record = a_record()
    broken = record.model_copy(update={"verdict": record.verdict.model_copy(update={"seconds": float("nan")})})
    with pytest.raises(LedgerError) as caught:
        ledger.append(broken)
    assert caught.value.code == "RECORD_INVALID"
    assert ledger.head().sequence == 0


def test_a_nul_is_refused_or_kept_whole(ledger: Ledger) -> None:
    record = a_record(dataset="file:///a\0b")
    try:
        ledger.append(record)
    except LedgerError:
        assert ledger.head().sequence == 0
    else:
        assert ledger.latest("file:///a\0b", PROD).record == record  # type: ignore[union-attr]
        assert ledger.latest("file:///a", PROD) is None


def test_a_record_is_appended_once(ledger: Ledger) -> None:
    record = a_record()
    ledger.append(record)
    with pytest.raises(LedgerError) as caught:
        ledger.append(record)
    assert caught.value.code == "LEDGER_DUPLICATE"
    assert ledger.verify().entries == 1


def test_without_a_key_nothing_is_appended(url: str, keyring: Keyring) -> None:
    with open_ledger(url, signer=None, keyring=keyring) as ledger, pytest.raises(LedgerError) as caught:
        ledger.append(a_record())
    assert caught.value.code == "NO_SIGNING_KEY"


def test_what_nobody_could_read_back_is_not_appended(url: str, signer: PrivateKeySigner) -> None:
    expired = Keyring.of({"prod-1.pub": b"# valid-until: 2020-01-01\n" + signer.public_pem})
    impostor = Keyring.of({"prod-1.pub": a_signer().public_pem})
    for keyring in (Keyring(), expired, impostor):
        with open_ledger(url, signer=signer, keyring=keyring) as ledger:
            with pytest.raises(LedgerError) as caught:
                ledger.append(a_record())
            assert caught.value.code == "KEY_NOT_TRUSTED"
            assert ledger.head().sequence == 0


def test_a_reader_believes_only_keys_it_trusts(url: str, ledger: Ledger, signer: PrivateKeySigner) -> None:
    entry = ledger.append(a_record())
    with open_ledger(url, signer=None, keyring=Keyring()) as stranger:
        for read in (
            lambda: stranger.latest(DATASET, PROD),
            lambda: stranger.history(),
            lambda: stranger.entry(entry.record.id),
        ):
            with pytest.raises(LedgerTampered, match="entry 1") as caught:
                read()
            assert caught.value.code == "KEY_NOT_TRUSTED"
        assert [problem.code for problem in stranger.verify().problems] == ["KEY_NOT_TRUSTED"]


def test_keys_are_rotated(url: str, signer: PrivateKeySigner) -> None:
    new = a_signer("prod-2")
    keyring = Keyring.of(
        {
            "prod-1": b"# valid-until: 2026-11-23T12:00:00Z\n" + signer.public_pem,
            "prod-2": b"# valid-from: 2026-11-23T12:00:00Z\n" + new.public_pem,
        }
    )
    with open_ledger(url, signer=signer, keyring=keyring) as ledger:
        ledger.append(a_record(time=NOON - timedelta(seconds=1)))
    with open_ledger(url, signer=new, keyring=keyring) as ledger:
        ledger.append(a_record(time=NOON + timedelta(hours=2)))
        assert len(ledger.history()) == 2
        assert ledger.verify().ok
    # The old key leaks: a record that it signs today can tell yesterday's time, but not stand before today's records.
    with open_ledger(url, signer=signer, keyring=keyring) as ledger:
        ledger.append(a_record(time=NOON - timedelta(seconds=1)))
        assert [(p.sequence, p.code) for p in ledger.verify().problems] == [(3, "KEY_RETIRED")]


REFUSED_STATEMENTS = [
    "UPDATE mlsecops_record SET outcome = 'pass'",
    "UPDATE mlsecops_record SET payload = payload WHERE sequence = 1",
    "UPDATE mlsecops_record SET sequence = sequence + 10",
    "DELETE FROM mlsecops_record",
    "DELETE FROM mlsecops_record WHERE sequence = 2",
    "UPDATE mlsecops_head SET sequence = 0",
    "UPDATE mlsecops_head SET sequence = sequence",
    "UPDATE mlsecops_head SET sequence = sequence + 2",
    "DELETE FROM mlsecops_head",
    "UPDATE mlsecops_current SET sequence = 1",
    "UPDATE mlsecops_current SET sequence = 9, dataset = 'x'",
    "DELETE FROM mlsecops_current",
]
REFUSED_ON = {
    "sqlite": [
        "INSERT OR REPLACE INTO mlsecops_record SELECT * FROM mlsecops_record WHERE sequence = 1",
        "REPLACE INTO mlsecops_record SELECT * FROM mlsecops_record",
    ],
    "postgres": [
        "TRUNCATE mlsecops_record",
        "TRUNCATE mlsecops_head",
        "TRUNCATE mlsecops_current",
        "SET session_replication_role = replica; DELETE FROM mlsecops_record",
        "SET session_replication_role = replica; UPDATE mlsecops_record SET outcome = 'pass'",
    ],
}


def test_the_database_refuses_to_change_the_past(url: str, ledger: Ledger) -> None:
    import sqlite3

    ledger.append(a_record(Outcome.FAIL))
    ledger.append(a_record(Outcome.FAIL))
    for statement in REFUSED_STATEMENTS + REFUSED_ON[url.partition(":")[0].removesuffix("ql+psycopg")]:
        connection: Any = (
            sqlite3.connect(file_of(url)) if url.startswith("sqlite") else psycopg.connect(plain(url), autocommit=True)
        )
        with pytest.raises((sqlite3.DatabaseError, psycopg.Error), match="append-only"):
            connection.execute(statement)
        connection.close()
    assert ledger.verify().ok


def test_those_who_come_first_together_make_one_ledger(url: str, tmp_path: Path, processes: BaseContext) -> None:
    with ProcessPoolExecutor(8, mp_context=processes) as pool:
        found = list(pool.map(workers.open_and_append, [url] * 16, [tmp_path / "home"] * 16))
    assert sorted(found) == list(range(1, 17))


def test_sqlite_files_are_their_owners_alone(sqlite_url: str, signer: PrivateKeySigner, keyring: Keyring) -> None:
    with open_ledger(sqlite_url, signer=signer, keyring=keyring) as ledger:
        ledger.append(a_record())
    folder = file_of(sqlite_url).parent
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_forked_process_does_not_share_its_parents_connections(
    emptied_database: str, tmp_path: Path, processes: BaseContext
) -> None:
    """In a process of its own: a copy of this one would wait for threads that were not copied."""
    with ProcessPoolExecutor(1, mp_context=processes) as pool:
        assert pool.submit(workers.append_on_both_sides_of_a_fork, emptied_database, tmp_path).result(120) == 0
    with workers.opened(emptied_database, tmp_path) as ledger:
        assert ledger.verify().entries == 7


def test_entries_are_the_contracts_nouns(ledger: Ledger) -> None:
    entry = ledger.append(a_record())
    assert isinstance(entry.record, Record)
    assert len(entry.hash) == 64
