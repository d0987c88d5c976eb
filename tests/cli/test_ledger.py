"""``ledger`` and ``accept``: what was proven, and what would make it known."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from airflow_mlsecops.core.finding import Finding, Novelty, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.hook import MlsecopsHook
from tests.cli.conftest import Run
from tests.ledger.make import a_record

NEW = Finding(
    status=Status.FAIL,
    code="ENTITY_NEW",
    subject="contact",
    reason="new",
    entity="EMAIL_ADDRESS",
    level=Level.CONFIDENTIAL,
    rows=2,
    of=2,
    novelty=Novelty.NEW,
)
RAW = "file:///lake/raw/crm.csv"


@pytest.fixture
def records(deployment: Path, policy: Path) -> list[Record]:
    """Three records: a pass, one with something new, one with a strange task name; the newest last."""
    (deployment / "mlsecops").mkdir()
    policy.rename(deployment / "mlsecops" / "policy")
    now = datetime.now(UTC)
    made = [
        a_record(time=now - timedelta(days=2)),
        a_record(Outcome.FAIL, time=now - timedelta(hours=1), dataset=RAW, findings=(NEW,)),
        a_record(Outcome.UNKNOWN, time=now, task_id="x\x1b[2K\nPASS", run_id="r2"),
    ]
    with MlsecopsHook().ledger() as ledger:
        for record in made:
            ledger.append(record)
    return made


@pytest.fixture
def tampered(records: list[Record], deployment: Path) -> list[Record]:
    """The same, with one outcome edited behind the triggers' back."""
    database = sqlite3.connect(deployment / "mlsecops" / "ledger.db")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    database.execute("UPDATE mlsecops_record SET outcome = 'pass' WHERE sequence = 2")
    database.commit()
    database.close()
    return records


def test_verify_ok(run: Run, records: list[Record]) -> None:
    answer = run("ledger", "verify")
    assert answer.code == 0
    assert answer.out.startswith("ledger verify: ok (3 records, head ")
    document = json.loads(run("ledger", "verify", "--json").out)
    assert (document["ok"], document["entries"], document["problems"]) == (True, 3, [])


def test_verify_names_what_was_changed(run: Run, tampered: list[Record]) -> None:
    answer = run("ledger", "verify")
    assert answer.code == 1
    assert "ledger verify: FAIL" in answer.out
    assert "entry 2: COLUMN_MISMATCH: column outcome disagrees with the payload" in answer.out
    document = json.loads(run("ledger", "verify", "--json").out)
    assert (document["ok"], document["entries"]) == (False, 3)


@pytest.mark.parametrize("argv", [("ledger", "show"), ("accept", "0000")])
def test_what_does_not_verify_is_not_shown(run: Run, tampered: list[Record], argv: tuple[str, ...]) -> None:
    answer = run(*argv)
    assert answer.code == 1
    assert "FAIL LEDGER_TAMPERED" in answer.err
    assert not answer.out


def test_an_index_that_was_changed_is_made_again(run: Run, records: list[Record], deployment: Path) -> None:
    with sqlite3.connect(deployment / "mlsecops" / "ledger.db") as database:
        database.execute("UPDATE mlsecops_standing SET mark = 3")
    assert "`airflow-mlsecops ledger index --anew` make it again" in run("ledger", "verify").out
    assert "up to date (0 records read)" in run("ledger", "index").out
    assert run("ledger", "verify").code == 1
    answer = run("ledger", "index", "--anew")
    assert (answer.code, answer.out) == (0, "ledger index: up to date (3 records read)\n")
    assert run("ledger", "verify").code == 0


@pytest.mark.parametrize("argv", [("ledger", "verify"), ("ledger", "show"), ("accept", "0" * 32)])
def test_no_ledger_is_unknown_and_none_is_made(run: Run, deployment: Path, argv: tuple[str, ...]) -> None:
    answer = run(*argv)
    assert answer.code == 2
    assert "LEDGER_ABSENT" in answer.err
    assert not (deployment / "mlsecops").exists()


def test_a_file_that_is_no_ledger(run: Run, records: list[Record], deployment: Path) -> None:
    (deployment / "mlsecops" / "ledger.db").write_bytes(b"no database at all, no database at all" * 100)
    assert run("ledger", "verify").code == 2


def test_show_newest_first(run: Run, records: list[Record]) -> None:
    answer = run("ledger", "show")
    assert answer.code == 0
    ids = [record.id for record in reversed(records)]
    joined = answer.out.replace("\n", "").replace(" ", "")
    places = [joined.find(identifier[:8]) for identifier in ids]
    assert places == sorted(places)
    assert -1 not in places
    assert "\x1b" not in answer.out
    assert not any(line.startswith("PASS") for line in answer.out.splitlines())


@pytest.mark.parametrize(
    ("argv", "rows"),
    [
        ((), 3),
        (("--limit", "2"), 2),
        (("--run", "r2"), 1),
        (("--dag", "churn"), 3),
        (("--dag", "other"), 0),
        (("--task", "classify"), 2),
        (("--dataset", RAW), 1),
    ],
)
def test_show_what_fits(run: Run, records: list[Record], argv: tuple[str, ...], rows: int) -> None:
    answer = run("ledger", "show", *argv)
    assert answer.code == 0
    assert sum(
        "classify" in line and ("PASS" in line or "FAIL" in line or "UNK" in line) for line in answer.out.splitlines()
    ) >= min(rows, 1)
    assert ("No record fits." in answer.out) is (rows == 0)
    assert (
        sum(line.strip()[:1].isdigit() and line.split()[1].startswith("20") for line in answer.out.splitlines()) == rows
    )


def test_accept_prints_a_patch_and_writes_nothing(run: Run, records: list[Record], deployment: Path) -> None:
    folder = deployment / "mlsecops" / "policy"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for identifier in (records[1].id, records[1].id[:20], records[1].id[:20].upper(), f"{records[1].id[:20]}…"):
        answer = run("accept", identifier)
        assert answer.code == 0, answer.both
        assert "+++" in answer.out
        assert "contact" in answer.out
        assert "EMAIL_ADDRESS" in answer.out
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_patch_makes_it_known(run: Run, records: list[Record], deployment: Path) -> None:
    import subprocess

    folder = deployment / "mlsecops" / "policy"
    patch = run("accept", records[1].id).out
    subprocess.run(["git", "apply", "-p1", "-"], cwd=folder, input=patch, text=True, check=True, capture_output=True)
    answer = run("accept", records[1].id)
    assert answer.code == 1
    assert "knows all of it already" in answer.err


def test_a_patch_for_a_strange_column_is_drawn(run: Run, records: list[Record]) -> None:
    strange = NEW.model_copy(update={"subject": "x\x1b[2K\u202e\nPASS"})
    record = a_record(Outcome.FAIL, dataset=RAW, findings=(strange,))
    with MlsecopsHook().ledger() as ledger:
        ledger.append(record)
    answer = run("accept", record.id)
    assert answer.code == 0
    assert not [mark for mark in answer.both if not (mark.isprintable() or mark == "\n")]
    assert not any(line.startswith("PASS") for line in answer.both.splitlines())


def test_accept_where_nothing_is_new(run: Run, records: list[Record]) -> None:
    answer = run("accept", records[0].id)
    assert answer.code == 1
    assert "it holds nothing new" in answer.err


@pytest.mark.parametrize(
    ("identifier", "code", "said"),
    [
        ("f" * 32, 2, "RECORD_NOT_FOUND"),
        ("ffff", 2, "RECORD_NOT_FOUND"),
        ("0199", 64, ""),
        ("abc", 64, "is no record id"),
        ("x" * 32, 64, "is no record id"),
        ("f" * 33, 64, "is no record id"),
        ("\x1b[2K", 64, "is no record id"),
    ],
)
def test_accept_a_record_that_is_not_there(
    run: Run, records: list[Record], identifier: str, code: int, said: str
) -> None:
    identifier = records[0].id[:4] if identifier == "0199" else identifier
    answer = run("accept", identifier)
    assert (answer.code, said in answer.err) == (code, True), answer.both
    assert "\x1b" not in answer.both


def test_a_beginning_that_fits_several_names_them(run: Run, records: list[Record]) -> None:
    answer = run("accept", records[0].id[:4])
    assert answer.code == 64
    assert all(record.id in answer.err for record in records)


def test_grants(run: Run) -> None:
    answer = run("ledger", "grants", 'air"flow; DROP TABLE x')
    assert answer.code == 0
    assert '"air""flow; DROP TABLE x"' in answer.out
    assert "roles" in run("ledger", "grants", "x", "--dialect", "sqlite").out
