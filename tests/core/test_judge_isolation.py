"""The policy says which answers may block; a DAG can only add."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from airflow_mlsecops.core.check import Answer, Check
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.judge_isolation import judge_isolation
from airflow_mlsecops.core.policy import Environment, NotObservable
from airflow_mlsecops.core.verdict import Outcome, outcome_of
from tests.core.make import policy

TODAY = date(2026, 11, 23)


def check(name: str, status: Status) -> Check:
    return Check(
        id=name, question="?", why="w", remedy="r", severity=Severity.HIGH, standards=(),
        ask=lambda _facts, _demand: Answer(status=status, subject="s", reason="because"),
    )  # fmt: skip


CHECKS = {
    name: check(name, Status(name.lower().replace("_", " "))) for name in ("PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE")
}


def judged(environment: str = "prod", also: tuple[str, ...] = (), **profile: Any) -> tuple[Finding, ...]:
    said = policy(environments={"prod": Environment(**profile)})
    return judge_isolation(Facts(), environment=environment, policy=said, checks=CHECKS, today=TODAY, also=also)


def gap(until: date) -> NotObservable:
    return NotObservable(check="UNKNOWN", reason="no permission yet", until=until)


TABLE = [
    ("what is required passes", {"requires": ("PASS",)}, Outcome.PASS),
    ("what is not required may fail", {"requires": ("PASS", "NOT_APPLICABLE")}, Outcome.PASS),
    ("a required failure", {"requires": ("PASS", "FAIL")}, Outcome.FAIL),
    ("a required unknown", {"requires": ("PASS", "UNKNOWN")}, Outcome.UNKNOWN),
    ("the DAG adds one", {"requires": ("PASS",), "also": ("FAIL",)}, Outcome.FAIL),
    ("nothing required", {}, Outcome.UNKNOWN),
    ("only what does not apply is required", {"requires": ("NOT_APPLICABLE",)}, Outcome.UNKNOWN),
    ("a check nobody has", {"requires": ("PASS", "WORMHOLE")}, Outcome.UNKNOWN),
    ("a gap accepted until a day", {"requires": ("PASS", "UNKNOWN"), "not_observable": (gap(TODAY),)}, Outcome.PASS),
    ("a gap whose day has passed", {"requires": ("PASS", "UNKNOWN"), "not_observable": (gap(date(2026, 11, 22)),)},
     Outcome.UNKNOWN),
    ("a gap whose day has passed beside one that is accepted anew",
     {"requires": ("PASS", "UNKNOWN"), "not_observable": (gap(date(2026, 11, 22)), gap(TODAY))}, Outcome.PASS),
    ("no such environment", {"environment": "dev", "requires": ("PASS",)}, Outcome.FAIL),
]  # fmt: skip


@pytest.mark.parametrize(("given", "outcome"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_judgement(given: dict[str, Any], outcome: Outcome) -> None:
    assert outcome_of(judged(**given)) is outcome


def test_a_gap_never_excuses_a_failure() -> None:
    excused = NotObservable(check="FAIL", reason="x", until=TODAY)
    assert outcome_of(judged(requires=("FAIL",), not_observable=(excused,))) is Outcome.FAIL


def test_every_answer_is_told_and_its_rule_named() -> None:
    findings = judged(requires=("PASS",))
    assert {finding.code for finding in findings} == set(CHECKS)
    assert {finding.rule for finding in findings} == {"policy.yaml:40"}
