"""The shipped policy: its own cases pass, each rule is tried, and what it promises holds for real names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import STRICTEST
from airflow_mlsecops.detectors import entities
from airflow_mlsecops.policy import CaseResult, default_folder, load, run_cases
from airflow_mlsecops.policy.cedar import access_rules
from tests.pace import keeps_pace

SHIPPED = load(default_folder())


@pytest.mark.parametrize("result", run_cases(SHIPPED), ids=lambda result: result.name)
def test_cases(result: CaseResult) -> None:
    assert result.ok, f"cases.yaml:{result.line}: expected {result.expected}, got {result.got}"


def test_there_are_cases_of_every_rule_and_stage() -> None:
    assert len(SHIPPED.cases) >= 20
    tried = {(case.said.expect, case.said.because) for case in SHIPPED.cases}
    forbids = {rule.id for rule in SHIPPED.access.rules if rule.effect == "forbid"}
    assert {("deny", rule) for rule in forbids} <= tried
    assert {("deny", stage) for stage in ("raw", "features", "training", STRICTEST.stage)} <= tried
    assert {("allow", stage) for stage in ("raw", "features", "application-may-use")} <= tried


IDENTITIES = [
    ("file:///a/raw/customers", "raw"), ("file:///a/raw/customers/", "raw"), ("file:///a/raw", "raw"),
    ("s3://bucket/landing/2026/11/23/x.csv", "raw"), ("s3://raw/x", "raw"), ("s3://landing", "raw"),
    ("file:///a/features/churn", "features"), ("file:///a/features/churn.parquet", "features"),
    ("file:///a/churn/features", "features"), ("s3://ml/features/raw/x", "features"), ("s3://ml/raw/features/x", "features"),
    ("s3://ml/training/churn", "training"), ("file:///training/features/x", "training"),
    ("sqlite:///abs/crm.db/main.customers", "undeclared"), ("sqlite:///abs/raw/crm.db/main.customers", "raw"),
    ("postgres://db:5432/crm.public.features", "undeclared"), ("xcom://churn/build_features", "undeclared"),
    ("file:///a/features_old/x", "undeclared"), ("file:///a/my-features/x", "undeclared"), ("file:///a/Features/x", "undeclared"),
    ("s3://ml/export/x", "undeclared"), ("file:///a/features.parquet", "undeclared"), ("", "undeclared"),
]  # fmt: skip


@pytest.mark.parametrize(("identity", "stage"), IDENTITIES)
def test_stages_by_path(identity: str, stage: str) -> None:
    assert SHIPPED.policy.rule_for(identity)[0].stage == stage


@pytest.mark.parametrize("entity", entities().values(), ids=lambda entity: entity.name)
def test_what_each_stage_may_hold(entity: Entity) -> None:
    policy, role, level = SHIPPED.policy, entity.role, entity.level
    assert policy.allows("raw", entity) is (role is not Role.SECRET and level <= Level.CONFIDENTIAL)
    identifies = role in (Role.SECRET, Role.DIRECT, Role.SPECIAL, Role.HEALTH)
    for stage in ("features", "training"):
        assert policy.allows(stage, entity) is (not identifies and level <= Level.INTERNAL)
    assert policy.allows("export", entity) is False or level is Level.PUBLIC
    assert policy.allows("undeclared", entity) is (level is Level.PUBLIC)


def test_conventions_declare_no_purpose_and_nobody_approves() -> None:
    assert all(not rule.purposes for rule in SHIPPED.policy.datasets)
    assert not SHIPPED.policy.approvers
    assert not SHIPPED.policy.waivers
    assert SHIPPED.policy.observe_until is None


def test_the_only_environment_is_local() -> None:
    assert list(SHIPPED.policy.environments) == ["local"]
    local = SHIPPED.policy.environments["local"]
    assert not local.remote
    assert {"ENV_MISMATCH", "ENV_NOT_DECLARED", "DATASET_WORLD_READABLE", "DATASET_WORLD_WRITABLE"} <= set(
        local.requires
    )
    assert set(local.requires) <= all_checks().keys()


def test_loading_is_quick() -> None:
    assert keeps_pace(lambda: load(default_folder()), 40)


def test_the_rules_in_the_page_are_sound() -> None:
    page = Path(__file__).parents[2] / "docs" / "howto" / "access.md"
    (rules,) = (block for block in re.findall(r"```text\n(.*?)```", page.read_text(), re.DOTALL) if "forbid (" in block)
    read, wrong = access_rules("access.cedar", (default_folder() / "access.cedar").read_text() + rules, entities())
    assert not wrong
    assert read is not None
    assert len(read.rules) == len(SHIPPED.access.rules) + 2
