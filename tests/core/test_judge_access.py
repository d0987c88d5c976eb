"""A decision of the policy engine, as findings with a code each."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_mlsecops.core.access import AccessDecision, AccessRequest, Evidence, Reason, UnmetPermit
from airflow_mlsecops.core.finding import Status
from airflow_mlsecops.core.judge_access import CODES, code_of, judge_access, missing_evidence
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.verdict import Outcome, outcome_of
from tests.core.make import DATASET, NOW

REQUEST = AccessRequest(
    dag_id="churn", task_id="may_train", environment="prod", action="train", purpose="churn", dataset=DATASET,
    dataset_environment="prod", level=Level.INTERNAL, stage="features", now=NOW,
    scan=Evidence(outcome="pass", age_seconds=1), isolation=Evidence(outcome="pass", age_seconds=1),
    max_scan_age_seconds=3600,
)  # fmt: skip
YES = AccessDecision(allowed=True, reasons=(Reason(id="allow-it", reason="it may"),))
NO = AccessDecision(allowed=False, reasons=(Reason(id="deny-stale-scan", reason="too old"),))

TABLE: list[tuple[str, AccessDecision, dict[str, Any], Outcome, str]] = [
    ("allowed", YES, {}, Outcome.PASS, "ACCESS_ALLOWED"),
    ("denied by a named rule", NO, {}, Outcome.FAIL, "DENY_STALE_SCAN"),
    ("no permit", AccessDecision(allowed=False), {}, Outcome.FAIL, "NO_PERMIT_MATCHED"),
    ("an error, whatever else is said", AccessDecision(allowed=True, errors=("attribute x",)), {}, Outcome.FAIL,
     "ACCESS_RULE_ERROR"),
    ("the DAG expected", YES, {"expected_principal": "churn"}, Outcome.PASS, "PRINCIPAL_MISMATCH"),
    ("the task expected", YES, {"expected_principal": "churn.may_train"}, Outcome.PASS, "PRINCIPAL_MISMATCH"),
    ("another DAG", YES, {"expected_principal": "scoring"}, Outcome.FAIL, "PRINCIPAL_MISMATCH"),
    ("a prefix of the DAG", YES, {"expected_principal": "chur"}, Outcome.FAIL, "PRINCIPAL_MISMATCH"),
    ("a rule with an odd id", AccessDecision(allowed=False, reasons=(Reason(id="7é", reason="x"),)), {}, Outcome.FAIL,
     "RULE_7_"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "given", "outcome", "code"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_judgement(decision: AccessDecision, given: dict[str, Any], outcome: Outcome, code: str) -> None:
    findings = judge_access(REQUEST, decision, **given)
    assert outcome_of(findings) is outcome
    assert findings[0].code == code


def test_missing_evidence_names_the_task_to_put_upstream() -> None:
    finding = missing_evidence("classify", "classify")
    assert (finding.status, finding.blocks) == (Status.UNKNOWN, True)
    assert "put classify upstream" in (finding.remedy or "")


PERMITS: list[tuple[str, tuple[UnmetPermit, ...], int, str]] = [
    ("none for the action", (), 0, "no rule permits it to train: no permit speaks of train"),
    ("one", (UnmetPermit(id="a", line=3, needs=("x", "not (y)")),), 0,
     "no rule permits it to train: permit a (access.cedar:3) needs x, and not (y)"),
    ("one of which nothing fails alone", (UnmetPermit(id="a", line=3),), 0,
     "no rule permits it to train: permit a (access.cedar:3) needs more than holds here"),
    ("more", (UnmetPermit(id="a", line=3, needs=("x",)),), 1200,
     "no rule permits it to train: permit a (access.cedar:3) needs x; 1,200 more permits do not match either"),
]  # fmt: skip


@pytest.mark.parametrize(("permits", "more", "said"), [row[1:] for row in PERMITS], ids=[row[0] for row in PERMITS])
def test_a_denial_without_a_rule_tells_the_permits(permits: tuple[UnmetPermit, ...], more: int, said: str) -> None:
    (finding,) = judge_access(REQUEST, AccessDecision(allowed=False, permits=permits, more_permits=more))
    assert (finding.status, finding.code, finding.reason) == (Status.FAIL, "NO_PERMIT_MATCHED", said)
    assert "asked: train for churn" in (finding.remedy or "")


def test_a_denial_names_its_rule_and_the_reason() -> None:
    (finding,) = judge_access(REQUEST, NO)
    assert (finding.code, finding.rule, finding.reason) == (
        "DENY_STALE_SCAN", "access.cedar @id(deny-stale-scan)", "too old",
    )  # fmt: skip


@pytest.mark.parametrize("decision", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
def test_every_code_of_a_decision_is_known_as_one(decision: AccessDecision) -> None:
    codes = {code_of(reason.id) for reason in decision.reasons} | CODES
    assert {finding.code for finding in judge_access(REQUEST, decision, expected_principal="churn")} <= codes
