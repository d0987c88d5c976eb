"""Attempts to have the access gate pass, hang or tell too much although somebody reads who is not listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.grant import Allowed, Grant, Kind, Readers
from airflow_mlsecops.core.judge_readers import MOST
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.unseen import NotObserved
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.operators import readers
from airflow_mlsecops.operators.attempt import XCOM_LIMIT, Attempt
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from tests.canary import columns, leaks, values
from tests.operators.fakes import context
from tests.operators.lake import Lake

ASKED = "max_scan_age_hours: 72\n    readers_from: restricted"
LISTED = '    readers: ["user:root"]\n    applications: [churn]'
WAIVERS = """
approvers: [ann]
waivers:
  - {{id: w1, dataset: "**", code: READER_NOT_ALLOWED, subject: bob, requested_by: ben, approved_by: ann, reason: x,
      until: {until}}}
"""


@pytest.fixture
def lake(deployment: Path, airflow_db: Path) -> Lake:
    made = Lake(deployment)
    made.edit(ASKED, ASKED.replace("restricted", "public"))
    made.edit("    applications: [churn]", LISTED)
    return made


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have the look at whatever decides find something, or raise."""

    def found(*grants: Grant, raising: Exception | None = None, unseen: str = "", **more: Any) -> None:
        def looked(attempt: Any, allowed: Allowed) -> Readers | NotObserved:
            if raising:
                raise raising
            return NotObserved(why=unseen) if unseen else Readers(grants=(way("user:root"), *grants), **more)

        monkeypatch.setattr(readers, "_looked", looked)

    return found


def way(name: str, **more: Any) -> Grant:
    return Grant(principal=name, kind=Kind.UNTOLD, how=("SELECT on TABLE x",), undo=f'REVOKE "{name}"', **more)


def ask(lake: Lake, *, evidence: bool = True) -> tuple[Record, dict[str, Any]]:
    """What the access gate says after the others, and what it left in XCom."""
    gates = lake.gates()
    for task in ("classify", "isolate") if evidence else ():
        with suppress(GateFailed, GateUnknown):
            lake.run(gates[task])
    around = context(gates["may_train"])
    with suppress(GateFailed, GateUnknown):
        gates["may_train"].execute(around)
    return lake.records()[0], around["ti"].pushed["verdict"]


def codes(record: Record) -> set[str]:
    return {one.code for one in record.verdict.findings if one.blocks}


def test_near_miss_a_folder_that_only_the_superuser_reads(lake: Lake) -> None:
    record, _ = ask(lake)
    assert (record.verdict.outcome, codes(record)) == (Outcome.PASS, set())
    assert "READERS" in {one.code for one in record.verdict.findings}


def test_nobody_looks_where_evidence_is_missing(lake: Lake, look: Callable[..., None]) -> None:
    look(raising=AssertionError("it looked"))
    record, _ = ask(lake, evidence=False)
    assert (record.verdict.outcome, codes(record)) == (Outcome.UNKNOWN, {"EVIDENCE_MISSING"})


def test_records_of_another_environment_are_no_evidence(
    lake: Lake, look: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    look(raising=AssertionError("it looked"))
    for task in ("classify", "isolate"):
        lake.run(lake.gates()[task])
    elsewhere = json.dumps({"conn_type": "mlsecops", "extra": {"environment": "elsewhere"}})
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", elsewhere)
    record, _ = ask(lake, evidence=False)
    assert record.environment == "elsewhere"
    assert (record.verdict.outcome, codes(record)) == (Outcome.UNKNOWN, {"EVIDENCE_MISSING"})


@pytest.mark.parametrize("kind", [ValueError, OSError, RecursionError, MemoryError, KeyError])
def test_what_bursts_is_unknown_and_told_by_its_class_alone(
    lake: Lake, look: Callable[..., None], kind: type[Exception]
) -> None:
    look(raising=kind("\n".join(values())))
    record, pushed = ask(lake)
    assert record.verdict.outcome is Outcome.UNKNOWN
    assert kind.__name__ in record.model_dump_json()
    assert leaks([("record", record.model_dump_json().encode()), ("XCom", repr(pushed).encode())]) == []


def test_what_was_not_seen_is_unknown(lake: Lake, look: Callable[..., None]) -> None:
    look(unseen="the database did not answer (OperationalError)")
    assert codes(ask(lake)[0]) == {"READERS_NOT_SEEN"}


def test_what_was_not_seen_may_be_accepted_in_writing_for_the_environment(
    lake: Lake, look: Callable[..., None]
) -> None:
    gap = "    not_observable:\n      - {check: READERS_NOT_SEEN, reason: x, until: 2099-12-31}\n"
    lake.edit("environments:\n  local:\n", "environments:\n  local:\n" + gap)
    look(hidden=("who uses the foreign server was not asked",))
    record, _ = ask(lake)
    assert (record.verdict.outcome, codes(record)) == (Outcome.PASS, set())
    look(way("bob"), hidden=("who uses the foreign server was not asked",))
    assert ask(lake)[0].verdict.outcome is Outcome.FAIL


@pytest.mark.parametrize("line", ['["**"]', '["*"]'])
def test_anybody_is_let_by_a_line_that_says_just_that(lake: Lake, look: Callable[..., None], line: str) -> None:
    lake.edit('readers: ["user:root"]', f"readers: {line}")
    look(way("*"))
    assert ask(lake)[0].verdict.outcome is Outcome.PASS


@pytest.mark.parametrize("line", ['["user:*"]', '["user:root", "?"]', '["user:root", "***"]', '["user:root", "**/**"]'])
def test_near_miss_anybody_is_not_let_by_a_glob(lake: Lake, look: Callable[..., None], line: str) -> None:
    lake.edit('readers: ["user:root"]', f"readers: {line}")
    look(way("*"))
    assert codes(ask(lake)[0]) == {"READER_NOT_ALLOWED"}


def test_a_crowd_is_counted_and_each_of_the_worst_told(lake: Lake, look: Callable[..., None]) -> None:
    crowd = [way(f"stranger_{number:04}_{'x' * 60}") for number in range(500)]
    look(*crowd, commands=tuple(one.undo for one in crowd))
    record, pushed = ask(lake)
    assert record.verdict.outcome is Outcome.FAIL
    assert len([one for one in record.verdict.findings if one.code == "READER_NOT_ALLOWED"]) == MOST
    assert len(json.dumps(pushed)) <= XCOM_LIMIT
    assert len(record.model_dump_json()) < 500_000


@pytest.mark.parametrize(("until", "left"), [("2099-12-31", {"carl"}), ("2020-01-01", {"bob", "carl"})])
def test_a_waiver_lets_one_and_no_other(lake: Lake, look: Callable[..., None], until: str, left: set[str]) -> None:
    file = lake.folder / "policy.yaml"
    text = "\n".join(line for line in file.read_text().splitlines() if line not in ("waivers: []", "approvers: []"))
    file.write_text(text + WAIVERS.format(until=until))
    look(way("bob"), way("carl"))
    record, _ = ask(lake)
    assert record.verdict.outcome is Outcome.FAIL, record.verdict.findings
    assert {one.subject for one in record.verdict.findings if one.code == "READER_NOT_ALLOWED" and one.blocks} == left


@pytest.mark.parametrize("code", ["READERS", "READER_NOT_ALLOWED", "READERS_NOT_DECLARED", "READERS_NOT_ASKED"])
def test_what_is_sure_cannot_be_accepted_as_unanswerable(lake: Lake, look: Callable[..., None], code: str) -> None:
    gap = f"    not_observable:\n      - {{check: {code}, reason: x, until: 2099-12-31}}\n"
    lake.edit("environments:\n  local:\n", "environments:\n  local:\n" + gap)
    look(way("bob", sure=False))
    with pytest.raises((GateUnknown, GateFailed)) as stopped:
        lake.run(lake.gates()["classify"])
    assert code in str(stopped.value)


@pytest.mark.parametrize("start", Level)
def test_a_level_is_asked_from_itself_on(lake: Lake, start: Level) -> None:
    lake.edit(ASKED.replace("restricted", "public"), ASKED.replace("restricted", start.name.lower()))
    attempt = attempt_of(lake, lake.features)
    asked = {level for level in Level if readers.readers(attempt, level)[0].code != "READERS_NOT_ASKED"}
    assert asked == {level for level in Level if level >= start}


@pytest.mark.parametrize("uri", ["xcom://task", "gs://bucket/x", "abfs://c@a/x", "sql://nowhere/ml.t"])
def test_where_nobody_can_look_nothing_passes(lake: Lake, uri: str) -> None:
    with suppress(MlsecopsError):  # which the gate's edge makes UNKNOWN
        found = readers.readers(attempt_of(lake, uri), Level.RESTRICTED)
        assert all(one.status.name == "UNKNOWN" and one.required for one in found)
        assert found


def attempt_of(lake: Lake, uri: str) -> Attempt:
    return Attempt(context(lake.gates()["may_train"]), gate=Gate.ACCESS, dataset=parse(uri), partition="", log=None)


def test_nothing_that_is_planted_shows(
    lake: Lake, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    cells = columns()
    height = max(map(len, cells.values()))
    frame = pl.DataFrame({name: (held * height)[:height] for name, held in cells.items()})
    lake.features = lake.write("raw", frame)
    lake.edit('  - match: "**/lake/raw/**"\n', '  - match: "**/lake/raw/**"\n    readers: ["user:nobody"]\n')
    record, pushed = ask(lake)
    assert "READER_NOT_ALLOWED" in codes(record)
    said = capfd.readouterr()
    outputs = {
        "record": record.model_dump_json(),
        "XCom": repr(pushed),
        "log": caplog.text,
        "out": said.out,
        "err": said.err,
    }
    assert leaks([(name, text.encode()) for name, text in outputs.items()]) == []
