"""Rules that ask for waivers, approvals, a role, an owner and a time, by cases as a policy folder would hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.policy import PolicyFolder, load
from airflow_mlsecops.policy.cases import AccessCase, Case, judge_case
from airflow_mlsecops.policy.turns import explain
from tests.policy.make import SMALL, folder
from tests.policy.test_cedar import request

TEXT = Path(__file__).with_name("thirteen.cedar").read_text()
CASE: dict[str, Any] = {
    "name": "a", "kind": "access", "dataset": "s3://ml/features/x", "action": "train", "purpose": "churn",
    "dag_id": "churn", "task_id": "train", "level": "confidential", "role": "ml_train", "dag_owner": "growth",
    "now": "2026-11-23T16:00:00Z", "expect": "allow",
}  # fmt: skip
FAILED = {"isolation": "fail"}
PII = {"entities": ["EMAIL_ADDRESS"]}
WAIVED = {"id": "W-7", "code": "AWS_ROLE", "subject": "identity"}
PRIVACY = {"id": "W-8", "code": "ENTITY_NOT_ALLOWED", "subject": "email", "approved_by": "privacy-officer"}
SAME, LIFTED = "allow-same-env-application", "allow-waived-isolation"

# What the case changes, the policy's one waiver, and the rule that allows or denies; empty where no permit matched.
CASES: list[tuple[str, dict[str, Any], dict[str, Any], bool, str]] = [
    ("an application in its environment", {}, {}, True, SAME),
    ("a worker of another environment", {"environment": "dev", "dataset_environment": "prod"}, {}, False, ""),
    ("a person", {"action": "read", "who": "human"}, {}, False, "deny-human-restricted"),
    ("personal data into training", PII, {}, False, "deny-raw-pii-into-retraining"),
    ("personal data, approved", PII, PRIVACY, True, SAME),
    ("a scan that is too old", {"scan_age_hours": 30}, {}, False, "deny-stale-scan"),
    ("export", {"action": "export"}, {}, False, ""),
    ("a check that failed", FAILED, {}, False, ""),
    ("a check that failed, waived", FAILED, WAIVED, True, LIFTED),
    ("a waiver that has ended", FAILED, {**WAIVED, "until": "2026-11-22"}, False, ""),
    ("a waiver that its own author approved", FAILED, {**WAIVED, "requested_by": "security-lead"}, False, ""),
    ("a waiver of something else", FAILED, {**WAIVED, "id": "W-9"}, False, ""),
    ("another purpose", {"purpose": "ads"}, {}, False, ""),
    # And around them.
    ("personal data, approved by somebody else", PII, {**PRIVACY, "approved_by": "security-lead"}, False, "deny-raw-pii-into-retraining"),
    ("personal data, approved for another dataset", PII, {**PRIVACY, "dataset": "**/raw/**"}, False, "deny-raw-pii-into-retraining"),
    ("personal data, approved for another application", PII, {**PRIVACY, "code": "DENY_STALE_SCAN", "subject": "ads.train"}, False, "deny-raw-pii-into-retraining"),
    ("personal data, approved for this application", PII, {**PRIVACY, "code": "DENY_STALE_SCAN", "subject": "churn.train"}, True, SAME),
    ("personal data, approved up to a share", PII, {**PRIVACY, "max_share": 0.1}, False, "deny-raw-pii-into-retraining"),
    ("personal data, an approval supposed", {**PII, "approvals": ["privacy-officer"]}, {}, True, SAME),
    ("personal data, the approval supposed away", {**PII, "approvals": []}, PRIVACY, False, "deny-raw-pii-into-retraining"),
    ("a waiver supposed without its approval", {**FAILED, "waivers": ["W-7"]}, {}, False, ""),
    ("a waiver supposed with its approval", {**FAILED, "waivers": ["W-7"], "approvals": ["security-lead"]}, {}, True, LIFTED),
    ("the last day of a waiver", FAILED, {**WAIVED, "until": "2026-11-23"}, True, LIFTED),
    ("personal data is read", {**PII, "action": "read"}, {}, True, SAME),
    ("another role", {"role": "ml_dev"}, {}, False, "deny-other-role"),
    ("a role that nobody observed", {"role": ""}, {}, False, "deny-other-role"),
    ("an owner who may not", {"dag_owner": "nobody"}, {}, False, "deny-other-role"),
    ("at night", {"now": "2026-11-23T05:59:59Z"}, {}, False, "deny-other-role"),
    ("at night elsewhere", {"now": "2026-11-23T05:59:59-03:00"}, {}, True, SAME),
]  # fmt: skip


def made(place: Path, waiver: dict[str, Any]) -> PolicyFolder:
    """The folder with one waiver, which is not looked at for who approved it: a gate must not rely on that."""
    said = {"dataset": "**/features/**", "requested_by": "alice", "approved_by": "security-lead", "until": "2026-12-31"}
    policy = SMALL.replace("[security-lead]", "[security-lead, privacy-officer]")
    read = load(folder(place, access__cedar=TEXT, policy__yaml=policy))
    (shipped,) = read.policy.waivers
    waivers = [type(shipped).model_validate({"reason": "r", **said, **waiver})] if waiver else []
    object.__setattr__(read, "policy", read.policy.model_copy(update={"waivers": tuple(waivers)}))
    return read


@pytest.mark.parametrize(
    ("changes", "waiver", "allowed", "by"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_case(changes: dict[str, Any], waiver: dict[str, Any], allowed: bool, by: str, tmp_path: Path) -> None:
    read = made(tmp_path, waiver)
    result = judge_case(Case(AccessCase.model_validate({**CASE, **changes}), 1), read.policy, read.access)
    assert (result.allowed, result.by) == (allowed, (by,) if by else ())


TURNS = [
    ({"purpose": "ads"}, ("request", "purpose churn")),
    ({"role": "ml_dev"}, ("request", "a task that works as ml_train")),
    ({"dag_owner": "nobody"}, None),
    ({"entities": ["EMAIL_ADDRESS"]}, ("waiver", "one approved by privacy-officer")),
    (
        {"isolation": {"outcome": "fail", "age_seconds": 0}, "approvals": ["security-lead"]},
        ("waiver", "one called W-7"),
    ),
    (
        {"isolation": {"outcome": "fail", "age_seconds": 0}, "approvals": ["security-lead"], "waivers": ["W-7"]},
        ("waiver", "none of them"),
    ),
]


@pytest.mark.parametrize(("changes", "told"), TURNS)
def test_turns(changes: dict[str, Any], told: tuple[str, str] | None, tmp_path: Path) -> None:
    read = made(tmp_path, {})
    asked = request(**{"role": "ml_train", "dag_owner": "growth", "entities": [], "level": "public", **changes,
                       "environment": "local", "dataset_environment": "local"})  # fmt: skip
    found = explain(asked, read.policy, read.access)
    turned = {(change.place, change.what) for change in found.turns}
    assert told in turned if told else not turned & {("request", "a task owned by nobody")}
