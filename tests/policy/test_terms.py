"""A word that rules may not use is named at its line, with what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from airflow_mlsecops.detectors import entities
from airflow_mlsecops.policy import load
from airflow_mlsecops.policy.cedar import access_rules, schema_text
from airflow_mlsecops.policy.terms import schema_of
from airflow_mlsecops.policy.turns import ACTIONS
from tests.policy.make import PERMIT, SMALL, folder, mistakes
from tests.policy.test_cedar import rule

SCOPES = [
    ("an action", 'principal, action == MLSecOps::Action::"trian", resource', 'did you mean MLSecOps::Action::"train"?'),
    ("one of several actions", 'principal, action in [MLSecOps::Action::"read", MLSecOps::Action::"sevre"], resource', 'did you mean MLSecOps::Action::"serve"?'),
    ("an action that is far from any", 'principal, action == MLSecOps::Action::"xyz", resource', 'expected one of MLSecOps::Action::"export", MLSecOps::Action::"join"'),
    ("an action without its namespace", 'principal, action == Action::"train", resource', 'did you mean MLSecOps::Action::"train"?'),
    ("an action as text", 'principal, action == "train", resource', 'did you mean MLSecOps::Action::"train"?'),
    ("an entity type", "principal, action, resource is MLSecOps::Datasets", "did you mean MLSecOps::Dataset?"),
    ("an entity type without its namespace", "principal is Workload, action, resource", "did you mean MLSecOps::Workload?"),
    ("an entity type that is far from any", "principal is User, action, resource", "expected one of MLSecOps::Dataset, MLSecOps::Workload"),
    ("an entity type on the wrong side", "principal is MLSecOps::Dataset, action, resource", "a principal is MLSecOps::Workload"),
    ("a variable", "principal, actn, resource", "did you mean 'action'?"),
]  # fmt: skip
CONDITIONS = [
    ("of the dataset", "resource.levl > 1", "`levl` on entity type `MLSecOps::Dataset` not found: did you mean 'level'?"),
    ("of the dataset, as others call it", "resource.sensitvity > 1", "did you mean 'level'?"),
    ("of the dataset, far from any", "resource.xyz > 1", "expected one of applications, entities"),
    ("of who asks", 'principal.enviroment == "prod"', "did you mean 'environment'?"),
    ("of who asks, as others call it", 'principal.role_arn == "x"', "did you mean 'role'?"),
    ("of the context", 'context.purpse == "x"', "did you mean 'purpose'?"),
    ("within the context", 'context.scan.outcme == "pass"', "did you mean 'outcome'?"),
    ("within the context, as others call it", 'context.isolation.verdict == "pass"', "did you mean 'outcome'?"),
    ("of another", 'context.stage == "raw"', "did you mean 'resource.stage'?"),
    ("of yet another", 'resource.purpose == "x"', "did you mean 'context.purpose'?"),
    ("of a variable that is none", "contxt.listed", "did you mean 'context'?"),
    ("a method", 'resource.roles.contians("secret")', "did you mean 'contains'?"),
    ("a function", 'context.scan.age > duratoin("1h")', "did you mean 'duration'?"),
    ("an entity type in a condition", 'principal == MLSecOps::Worklod::"a.b"', "did you mean MLSecOps::Workload?"),
    # What Cedar itself accepts, and what then never applies.
    ("a role", 'resource.roles.contains("secrt")', "resource.roles is never `secrt`: did you mean 'secret'?"),
    ("one role of several", 'resource.roles.containsAny(["health", "secrt"])', "resource.roles is never `secrt`"),
    ("an entity", 'resource.entities.containsAll(["EMAIL_ADRESS"])', "did you mean 'EMAIL_ADDRESS'?"),
    ("a regulation", 'resource.tags.contains("GDRP")', "did you mean 'GDPR'?"),
    ("an outcome", 'context.scan.outcome == "passed"', "did you mean 'pass'?"),
    ("an outcome on the left", '"failed" != context.isolation.outcome', "did you mean 'fail'?"),
    ("a kind", '["human", "airflow-tasks"].contains(principal.kind)', "did you mean 'airflow-task'?"),
    ("a kind behind a guard", '!(context.listed && principal.kind == "humans")', "did you mean 'human'?"),
    ("has of what is never there", "resource has levle && resource.level > 1", "has `levle`: it is never there, so the rule would never apply: did you mean 'level'?"),
    ("has within the context", "context has scan.outcme", "did you mean 'outcome'?"),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "said"), [row[1:] for row in SCOPES], ids=[row[0] for row in SCOPES])
def test_what_was_meant_in_a_scope(scope: str, said: str, tmp_path: Path) -> None:
    told = mistakes(folder(tmp_path, access__cedar=PERMIT + rule(scope=scope)))
    assert len(told) == 1, told
    assert told[0].startswith("access.cedar:2: "), told
    assert said in told[0], told


@pytest.mark.parametrize(("condition", "said"), [row[1:] for row in CONDITIONS], ids=[row[0] for row in CONDITIONS])
def test_what_was_meant_in_a_condition(condition: str, said: str, tmp_path: Path) -> None:
    told = mistakes(folder(tmp_path, access__cedar=PERMIT + rule(f"\n  // why\n  {condition}\n")))
    assert len(told) == 1, told
    assert told[0].startswith("access.cedar:4: "), told
    assert said in told[0], told


SOUND = [
    'resource.roles.contains("secret") && resource.tags.containsAny(["GDPR"])',
    'context.purpose == "anything" && principal.role == "anybody" && principal.owner != "x"',
    "principal has role && context has scan.outcome",
    'principal.kind == "human" && context.scan.outcome != "unknown"',
    'principal.dag_id == "passed"',
]


@pytest.mark.parametrize("condition", SOUND)
def test_near_misses(condition: str, tmp_path: Path) -> None:
    assert load(folder(tmp_path, access__cedar=PERMIT + rule(condition)))


POLICY = [
    ("a stage", 'resource.stage == "rwa"', "access.cedar:2: resource.stage is never 'rwa' here: did you mean 'raw'?"),
    ("an approver", 'context.approvals.contains("ciso")', "access.cedar:2: context.approvals is never 'ciso' here: expected one of security-lead"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "said"), [row[1:] for row in POLICY], ids=[row[0] for row in POLICY])
def test_words_that_the_policy_does_not_know(condition: str, said: str, tmp_path: Path) -> None:
    assert mistakes(folder(tmp_path, access__cedar=PERMIT + rule(condition), policy__yaml=SMALL)) == [said]


def test_words_that_the_policy_knows(tmp_path: Path) -> None:
    condition = (
        'resource.stage == "undeclared" && resource.stage != "raw" && context.approvals.contains("security-lead")'
    )
    assert load(folder(tmp_path, access__cedar=PERMIT + rule(condition)))


def test_an_entity_of_the_folders_own_is_known() -> None:
    own = {**entities(), "STAFF_NUMBER": entities()["EMAIL_ADDRESS"]}
    text = PERMIT + rule('resource.entities.contains("STAFF_NUMBER")')
    assert access_rules("access.cedar", text, own)[0]
    assert access_rules("access.cedar", text, entities())[0] is None


def test_the_schema_is_read_whole() -> None:
    blocks, actions = schema_of(schema_text())
    assert set(actions) == set(ACTIONS)
    assert set(blocks) == {"Workload", "Dataset", "Evidence", "context"}
    assert sum(map(len, blocks.values())) == sum(line.count(": ") for line in code_lines(schema_text()))


def code_lines(text: str) -> list[str]:
    """Lines that declare one attribute."""
    lines = [line.partition("//")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line.endswith(",") and "[" not in line and '"' not in line]
