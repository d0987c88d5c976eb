"""``waivers``: the same list as the page, for all Dags, and an exit code that a script can go by."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Status
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.ledger import Ledger
from tests.cli.conftest import Run
from tests.ledger.make import a_record

TODAY = datetime.now(UTC).date()
FEATURES = "file:///lake/features/churn"
LINES = """
approvers: [bob]
waivers:
  - id: W-{days}
    dataset: "**/features/**"
    code: ENTITY_NOT_ALLOWED
    subject: contact
    entity: EMAIL_ADDRESS
    requested_by: ann
    approved_by: bob
    reason: soon replaced
    until: {until}
"""
Deploy = Callable[..., None]


def finding(days: int, *, ended: bool = False) -> Finding:
    until = TODAY + timedelta(days=days)
    applied = AppliedWaiver(id=f"W-{days}", approved_by="bob", until=until, reason="soon replaced")
    return Finding(
        status=Status.FAIL, code="ENTITY_NOT_ALLOWED", subject="contact", reason="not allowed", entity="EMAIL_ADDRESS",
        rows=2, of=100, waiver=None if ended else applied, ended=applied if ended else None,
    )  # fmt: skip


@pytest.fixture
def deploy(deployment: Path, policy: Path) -> Deploy:
    """A deployment whose policy has one waiver, and records that used it."""

    def make(days: int, *records: Any) -> None:
        (deployment / "mlsecops").mkdir()
        policy.rename(deployment / "mlsecops" / "policy")
        file = deployment / "mlsecops" / "policy" / "policy.yaml"
        file.write_text(file.read_text() + LINES.format(days=days, until=TODAY + timedelta(days=days)))
        with MlsecopsHook().ledger() as ledger:
            for record in records:
                ledger.append(record)

    return make


def used(days: int, **how: Any) -> Any:
    return a_record(dataset=FEATURES, findings=(finding(days, **how),))


def test_one_that_ends_names_who_is_stopped_and_when(run: Run, deploy: Deploy) -> None:
    deploy(3, used(3))
    answer = run("waivers")
    assert answer.code == 0, answer.both
    assert answer.out.startswith("waivers: 1 ending\n")
    assert "contact EMAIL_ADDRESS" in answer.out
    assert f"from {TODAY + timedelta(days=4)} churn will be stopped: contact in {FEATURES}" in answer.out
    assert "policy.yaml:" in answer.out.replace("\n", "")


def test_one_that_ended_and_is_still_found_is_an_exit_of_one(run: Run, deploy: Deploy) -> None:
    deploy(-2, used(-2, ended=True))
    answer = run("waivers", "--state", "active")
    assert answer.code == 1
    assert "1 ended, still found" in answer.out
    assert "contact" not in answer.out


def test_what_has_ended_is_counted_and_shown_when_it_is_asked_for(run: Run, deploy: Deploy) -> None:
    deploy(-2)
    answer = run("waivers")
    assert (answer.code, answer.out) == (0, "waivers: 1 ended\n")
    assert "contact" in run("waivers", "--state", "ended").out


def test_json_has_all_of_them(run: Run, deploy: Deploy) -> None:
    deploy(60, used(60))
    document = json.loads(run("waivers", "--json").out)
    assert (document["schema"], document["whole"]) == ("airflow-mlsecops/waivers/1", True)
    (told,) = document["waivers"]
    assert (told["state"], told["runs"], told["share"], told["dags"]) == ("active", 1, 0.02, ["churn"])
    assert (told["approved_by"], told["requested_by"], told["reason"]) == ("bob", "ann", "soon replaced")
    assert not json.loads(run("waivers", "--json", "--state", "pending").out)["waivers"]


def test_a_question_names_who_decides(run: Run, deploy: Deploy) -> None:
    deadline = datetime.now(UTC) + timedelta(hours=3)
    answer = Answer(reply=Reply.ASKED, stopped="0" * 32, requested_by=("ann",), approvers=("bob",), deadline=deadline)
    deploy(
        60,
        a_record(Outcome.FAIL, gate=Gate.APPROVAL, dataset=FEATURES, findings=(finding(1, ended=True),), answer=answer),
    )
    said = " ".join(run("waivers").out.split())
    assert "1 pending" in said
    assert "bob decides; ann" in said


def test_hostile_names_are_drawn(run: Run, deploy: Deploy) -> None:
    hostile = finding(60).model_copy(update={"subject": "x\x1b[2K\u202e\nwaivers: none"})
    answer = Answer(
        reply=Reply.ASKED, stopped="0" * 32, approvers=("b\x1bob",), deadline=datetime.now(UTC) + timedelta(hours=3)
    )
    asked = hostile.model_copy(update={"waiver": None})
    deploy(60, a_record(Outcome.FAIL, gate=Gate.APPROVAL, dataset=FEATURES, findings=(asked,), answer=answer))
    said = run("waivers").both
    assert not [mark for mark in said if not (mark.isprintable() or mark == "\n")]
    assert sum(line.startswith("waivers:") for line in said.splitlines()) == 1


def test_no_ledger_is_unknown(run: Run, deployment: Path) -> None:
    answer = run("waivers")
    assert answer.code == 2
    assert "LEDGER_ABSENT" in answer.err
    assert not answer.out


def test_a_broken_policy_is_unknown(run: Run, deploy: Deploy, deployment: Path) -> None:
    deploy(60, used(60))
    (deployment / "mlsecops" / "policy" / "policy.yaml").write_text("version: x")
    answer = run("waivers")
    assert answer.code == 2
    assert "POLICY_INVALID" in answer.err
    assert not answer.out


def test_records_that_are_not_counted_are_unknown(run: Run, deploy: Deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy(60, used(60))
    monkeypatch.setattr(Ledger, "traces_current", lambda _: False)
    answer = run("waivers")
    assert answer.code == 2
    assert "not all of them" in answer.out


def test_a_state_that_is_none_is_a_wrong_command_line(run: Run) -> None:
    assert run("waivers", "--state", "nothing").code == 64
