"""The policy's own tests tell what they expected and what came, and refuse to be written wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from airflow_mlsecops.policy import load, run_cases
from tests.policy.make import PERMIT, SMALL, folder, mistakes

HOLDS = "- {name: a, kind: holds, dataset: 's3://ml/features/x', entity: IP_ADDRESS, expect: allow}\n"
ACCESS = "- {name: a, kind: access, dataset: 's3://ml/features/x', action: train, purpose: churn, expect: allow, because: may}\n"

WRONG = [
    ("no list", "a: b\n", "cases.yaml:1: expected a list of cases"),
    ("no kind", HOLDS.replace("kind: holds, ", ""), "cases.yaml:1: a case needs kind: access or kind: holds"),
    ("another kind", HOLDS.replace("holds", "has"), "cases.yaml:1: a case needs kind: access or kind: holds"),
    ("a kind of several", HOLDS.replace("holds", "[holds]"), "cases.yaml:1: a case needs kind: access or kind: holds"),
    ("text", "- a\n", "cases.yaml:1: a case needs kind: access or kind: holds"),
    ("unknown field", HOLDS.replace("entity:", "entitty:"), "cases.yaml:1: entity: is required"),
    (
        "unknown entity",
        HOLDS.replace("IP_ADDRESS", "IP_ADRESS"),
        "cases.yaml:1: no detector finds 'IP_ADRESS': did you mean",
    ),
    ("unknown entities", ACCESS.replace("action", "entities: [X], action"), "cases.yaml:1: no detector finds 'X'"),
    ("unknown action", ACCESS.replace("train", "drain"), "cases.yaml:1: action: expected 'read', 'join'"),
    (
        "unknown field of a request",
        ACCESS.replace("purpose: churn", "rol: x"),
        "cases.yaml:1: unknown field 'rol': did you mean 'role'?",
    ),
    ("unknown expectation", HOLDS.replace("allow", "pass"), "cases.yaml:1: expect: expected 'allow' or 'deny'"),
    ("a share of too much", HOLDS.replace("expect", "share: 2, expect"), "cases.yaml:1: share: must be at most 1"),
    ("the same name", HOLDS + "\n" + HOLDS, "cases.yaml:3: case 'a' is named as the one on line 1"),
    ("no name", HOLDS.replace("name: a", "name: ''"), "cases.yaml:1: name: must not be empty"),
]


@pytest.mark.parametrize(("text", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong_cases(text: str, said: str, tmp_path: Path) -> None:
    assert mistakes(folder(tmp_path, cases__yaml=text))[0].startswith(said)


TRIED = [
    ("holds what it may", HOLDS, True, "allow", "allow (features)"),
    ("holds what it may not", HOLDS.replace("IP_ADDRESS", "PERSON"), False, "allow", "deny (features)"),
    ("may not, as expected", HOLDS.replace("IP_ADDRESS", "PERSON").replace("allow", "deny"), True, "deny", "deny (features)"),
    ("may not, in another stage", HOLDS.replace("allow}", "allow, because: raw}"), False, "allow (raw)", "allow (features)"),
    ("tolerated", HOLDS.replace("IP_ADDRESS", "IBAN_CODE, share: 0.01"), True, "allow", "allow (features)"),
    ("just not tolerated", HOLDS.replace("IP_ADDRESS", "IBAN_CODE, share: 0.0101"), False, "allow", "deny (features)"),
    ("asks", ACCESS, True, "allow (may)", "allow (may)"),
    ("asks for what is forbidden", ACCESS.replace("purpose: churn", "purpose: fraud"), False, "allow (may)", "deny (purpose)"),
    ("denied by another rule", ACCESS.replace("allow, because: may", "deny, because: purpose").replace("churn,", "churn, level: restricted,"),
     False, "deny (purpose)", "deny (level)"),
    ("denied by two rules", ACCESS.replace("allow, because: may", "deny, because: level").replace("churn,", "fraud, level: restricted,"),
     True, "deny (level)", "deny (purpose, level)"),
    ("levels follow the policy", ACCESS.replace("churn,", "churn, entities: [MAC_ADDRESS],"), False, "allow (may)", "deny (level)"),
]  # fmt: skip
RULES = (
    PERMIT
    + '@id("purpose") @reason("r") forbid (principal, action, resource is MLSecOps::Dataset) unless { resource.purposes.contains(context.purpose) };\n'
    + '@id("level") @reason("r") forbid (principal, action, resource is MLSecOps::Dataset) when { resource.level > 2 };\n'
)


@pytest.mark.parametrize(("text", "ok", "expected", "got"), [row[1:] for row in TRIED], ids=[row[0] for row in TRIED])
def test_cases_are_tried(text: str, ok: bool, expected: str, got: str, tmp_path: Path) -> None:
    policy = SMALL.replace("    known:\n", "    tolerate: {IBAN_CODE: 0.01}\n    known:\n").replace(
        "stages:\n", "levels: {MAC_ADDRESS: restricted}\nstages:\n"
    )
    result = run_cases(load(folder(tmp_path, policy__yaml=policy, access__cedar=RULES, cases__yaml="# why\n" + text)))[
        0
    ]
    assert (result.ok, result.expected, result.got, result.line) == (ok, expected, got, 2)


def test_loading_does_not_try_cases(tmp_path: Path) -> None:
    failing = HOLDS.replace("IP_ADDRESS", "PERSON")
    assert not run_cases(load(folder(tmp_path, cases__yaml=failing)))[0].ok
