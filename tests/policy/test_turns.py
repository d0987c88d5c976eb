"""What would turn an answer does turn it, and what is told beside it is complete."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.policy import default_folder, load
from airflow_mlsecops.policy.turns import changes, explain, scanned
from tests.policy.make import PERMIT, folder
from tests.policy.test_cedar import OVERFLOW, request, rule

SHIPPED = load(default_folder())
LOCAL = {"environment": "local", "dataset_environment": "local"}

# How the request differs, and one change that must be told of.
TURNS: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("no purpose declared", {"allowed_purposes": []}, ("policy", "purposes: [churn]")),
    ("another purpose", {"purpose": "ads"}, ("request", "purpose churn")),
    ("another purpose, declared", {"purpose": "ads"}, ("policy", "purposes: [churn, ads]")),
    ("another application", {"applications": ["ads_*"]}, ("request", "a DAG that the line lists: ads_*")),
    ("another application, listed", {"applications": ["ads_*"]}, ("policy", "applications: [ads_*, churn_retraining]")),
    ("another environment", {"dataset_environment": "prod"}, ("policy", "environment: local")),
    ("a failed scan", {"scan": {"outcome": "fail", "age_seconds": 0}}, ("proof", "a scan of the dataset that says pass")),
    ("a late scan", {"scan": {"outcome": "pass", "age_seconds": 90_000}}, ("proof", "a scan of the dataset of now")),
    ("a late scan, another tier", {"scan": {"outcome": "pass", "age_seconds": 90_000}}, ("policy", "tier: light")),
    ("an unknown place", {"isolation": {"outcome": "unknown", "age_seconds": 0}}, ("proof", "a check of its environment that says pass")),
    ("a person", {"kind": "human", "level": "confidential"}, ("request", "a scheduled task, nobody at a keyboard")),
    ("raw data", {"stage": "raw", "entities": []}, ("request", "action read")),
    ("raw data, moved", {"stage": "raw", "entities": []}, ("policy", "stage: features")),
    ("a name in it", {"entities": ["PERSON"], "level": "confidential"}, ("proof", "data without PERSON")),
    ("allowed: another purpose", {}, ("request", "no purpose")),
    ("allowed: a late scan", {}, ("proof", "a scan of the dataset more than 24 h old")),
    ("allowed: a secret", {}, ("proof", "data with AI_API_KEY (secret)")),
    ("allowed: raw", {}, ("policy", "stage: raw")),
]  # fmt: skip


@pytest.mark.parametrize(("update", "told"), [row[1:] for row in TURNS], ids=[row[0] for row in TURNS])
def test_turns(update: dict[str, Any], told: tuple[str, str]) -> None:
    found = explain(request(**{**LOCAL, **update}), SHIPPED.policy, SHIPPED.access)
    assert told in {(change.place, change.what) for change in found.turns}
    assert not found.lifts


@pytest.mark.parametrize("update", [row[1] for row in TURNS[::3]], ids=[row[0] for row in TURNS[::3]])
def test_each_turn_turns_and_nothing_else_does(update: dict[str, Any]) -> None:
    asked = request(**{**LOCAL, **update})
    found = explain(asked, SHIPPED.policy, SHIPPED.access)
    for change in changes(asked, SHIPPED.policy, SHIPPED.access):
        turned = SHIPPED.access.decide(change.request).allowed is not found.decision.allowed
        assert turned is (change in found.turns)


def test_where_two_rules_deny_each_is_told_of() -> None:
    asked = request(**LOCAL, allowed_purposes=[], kind="human", level="restricted")
    found = explain(asked, SHIPPED.policy, SHIPPED.access)
    assert found.turns == ()
    assert found.lifts.keys() == {"purpose-not-declared", "human-on-confidential"}
    assert "purposes: [churn]" in {change.what for change in found.lifts["purpose-not-declared"]}


def test_no_scan_passes_what_the_stage_may_not_hold() -> None:
    failed = {"outcome": "fail", "age_seconds": 0}
    asked = request(**LOCAL, action="read", entities=["PERSON"], level="confidential", scan=failed)
    told = {change.what for change in explain(asked, SHIPPED.policy, SHIPPED.access).turns}
    assert "a scan of the dataset that says pass" not in told
    assert {"data without PERSON", "stage: raw"} <= told
    assert "stage: training" not in told


def test_a_dataset_without_a_line_gets_one_told() -> None:
    asked = request(**LOCAL, dataset="s3://x/y", stage="undeclared", allowed_purposes=[], entities=[], level="public")
    told = {change.what for change in explain(asked, SHIPPED.policy, SHIPPED.access).turns}
    assert "a line of its own: {match: s3://x/y, stage: features, purposes: [churn]}" in told
    assert not any("raw" in what for what in told)


def test_an_error_is_turned_by_nothing(tmp_path: Path) -> None:
    broken = load(folder(tmp_path, access__cedar=PERMIT + rule(OVERFLOW)))
    found = explain(request(), broken.policy, broken.access)
    assert found.decision.errors
    assert (found.turns, found.lifts) == ((), {})


def test_an_entity_that_nobody_knows_fails_a_scan() -> None:
    assert scanned(SHIPPED.policy, SHIPPED.entities, "raw", ["UNHEARD_OF"]) == "fail"
