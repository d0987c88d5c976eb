"""``policy explain`` and ``policy test --min-coverage``: the answer of the gate, its rules, and what would turn it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import POLICY, Run

ASKED = ("churn", "train", "s3://ml/features/churn", "churn")
CASES = """\
- {name: a, kind: access, dataset: "s3://ml/features/x", action: train, purpose: churn, purposes: [churn], expect: allow}
- {name: b, kind: access, dataset: "s3://ml/features/x", action: train, purpose: churn, expect: deny, because: purpose-not-declared}
"""


@pytest.fixture
def declared(policy: Path) -> Path:
    """The same policy, in which features are for churn."""
    text = POLICY.replace("    stage: features\n", "    stage: features\n    purposes: [churn]\n")
    (policy / "policy.yaml").write_text(text)
    return policy


TABLE: list[tuple[str, tuple[str, ...], int, str]] = [
    ("allowed", ASKED, 0, "PASS  churn may train s3://ml/features/churn for churn"),
    ("by which rule", ASKED, 0, "permit application-may-use (access.cedar:7)"),
    ("what would turn it", ASKED, 0, "denied with any one of:"),
    ("another purpose", (*ASKED[:3], "ads"), 1, "forbid purpose-not-declared (access.cedar:"),
    ("no purpose", ASKED[:3], 1, "may not train s3://ml/features/churn for no purpose"),
    ("as a gate writes it", (*ASKED[:2], "s3a://conn@ml/features/churn/", "churn"), 0, "may train s3://ml/features/churn for"),
    ("a late scan", (*ASKED, "--scan-age", "25"), 1, "forbid scan-too-old"),
    ("a failed check", (*ASKED, "--isolation", "fail"), 1, "forbid isolation-not-passed"),
    ("what it may not hold", (*ASKED, "--found", "PERSON"), 1, "forbid scan-not-passed"),
    ("a person", (*ASKED, "--person", "--found", "IP_ADDRESS"), 0, "a person at a keyboard"),
    ("no line", ("churn", "read", "s3://x/y", "churn"), 1, "declared: nothing"),
    ("an action that is none", ("churn", "drain", *ASKED[2:]), 64, "did you mean 'train'?"),
    ("an entity that is none", (*ASKED, "--found", "PERSONN"), 64, "did you mean 'PERSON'?"),
    ("an environment that is none", (*ASKED, "--environment", "prod"), 64, "knows no environment 'prod'"),
    ("a templated dataset", ("churn", "read", "s3://x/{{ ds }}", "churn"), 64, "holds a Jinja template"),
    ("an age before now", (*ASKED, "--scan-age=-1"), 64, "expected whole hours, 0 to 8784, got '-1'"),
    ("an age that is a word", (*ASKED, "--isolation-age", "soon"), 64, "expected whole hours"),
    ("an age with many zeros", (*ASKED, "--scan-age", "0" * 9 + "99999"), 64, "expected whole hours"),
    ("an age beyond counting", (*ASKED, "--scan-age", "9" * 5000), 64, "expected whole hours"),
    ("a role", (*ASKED, "--role", "ml_train"), 0, "a scheduled task as ml_train in environment"),
    ("an owner", (*ASKED, "--owner", "growth", "--role", "ml_train"), 0, "as ml_train, owned by growth in environment"),
    ("an approval", (*ASKED, "--approval", "lead"), 64, "knows no approval 'lead'"),
    ("a waiver", (*ASKED, "--waiver", "W-1"), 64, "knows no waiver 'W-1'"),
    ("a moment", (*ASKED, "--at", "2026-11-23T06:00+01:00"), 0, "may train"),
    ("a moment without its offset", (*ASKED, "--at", "2026-11-23T06:00"), 64, "expected a moment with its offset"),
    ("a moment that is none", (*ASKED, "--at", "today"), 64, "expected a moment with its offset, as 2026-12-31T06:00+00:00, got 'today'"),
]  # fmt: skip


@pytest.mark.parametrize(("argv", "code", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_explain(run: Run, declared: Path, argv: tuple[str, ...], code: int, said: str) -> None:
    answer = run("policy", "explain", *argv, "--policy", declared)
    assert answer.code == code, answer.both
    assert said in answer.both


def test_a_folder_that_is_wrong_is_unknown(run: Run, policy: Path) -> None:
    (policy / "access.cedar").write_text("")
    assert run("policy", "explain", *ASKED, "--policy", policy).code == 2


def test_a_waiver_lets_through_and_is_named(run: Run, declared: Path) -> None:
    waiver = (
        "approvers: [lead]\nwaivers:\n  - {id: W-1, dataset: '**/features/**', code: SCAN_TOO_OLD, "
        "subject: churn.some_task, requested_by: a, approved_by: lead, reason: r, until: 2999-01-01}\n"
    )
    file = declared / "policy.yaml"
    file.write_text(file.read_text() + waiver)
    answer = run("policy", "explain", *ASKED, "--scan-age", 25, "--policy", declared)
    assert answer.code == 0, answer.both
    assert "forbid scan-too-old" in answer.out
    assert "SCAN_TOO_OLD is waived by W-1 until 2999-01-01" in answer.out
    assert "allowed without the waiver with any one of:" in answer.out


PERMITS = """\
@id("churn-only")
@reason("Churn models may learn from features.")
permit (principal, action == MLSecOps::Action::"train", resource is MLSecOps::Dataset)
when { context.purpose == "churn" && principal.role == "ml_train" }
unless { resource.level > 1 && !context.approvals.contains("lead") };
"""
UNMET: list[tuple[str, tuple[str, ...], int, tuple[str, ...]]] = [
    ("two parts", (*ASKED[:3], "ads"), 1, (
        "no rule permits it\n",
        'permit churn-only (access.cedar:1) needs context.purpose == "churn", and principal.role == "ml_train"\n',
        "no single change would make it allowed: all that one of the permits needs must hold",
    )),
    ("one part", ASKED, 1, ('needs principal.role == "ml_train"\n', "a task that works as ml_train")),
    ("an approval", (*ASKED, "--role", "ml_train", "--found", "PERSON"), 1,
     ("needs not (resource.level > 1 && !context.approvals.contains(", "the waivers of policy.yaml", "one approved by lead")),
    ("an approval that is there", (*ASKED, "--role", "ml_train", "--found", "PERSON", "--approval", "lead"), 0,
     ("permit churn-only (access.cedar:1): Churn models", "PERSON found (confidential); approved by lead;")),
    ("an approval that nobody can give", (*ASKED, "--approval", "laed"), 64, ("no approval 'laed': did you mean 'lead'?",)),
    ("another action", ("churn", "read", *ASKED[2:]), 1, ("no rule permits anybody to read",)),
]  # fmt: skip


@pytest.mark.parametrize(("argv", "code", "said"), [row[1:] for row in UNMET], ids=[row[0] for row in UNMET])
def test_what_permits_need(run: Run, declared: Path, argv: tuple[str, ...], code: int, said: tuple[str, ...]) -> None:
    (declared / "access.cedar").write_text(PERMITS)
    file = declared / "policy.yaml"
    file.write_text(file.read_text() + "approvers: [lead]\n")
    answer = run("policy", "explain", *argv, "--policy", declared)
    assert answer.code == code, answer.both
    for part in said:
        assert part in answer.both, answer.both


def test_json_tells_what_permits_need(run: Run, declared: Path) -> None:
    (declared / "access.cedar").write_text(PERMITS.replace('.contains("lead")', ".isEmpty()"))
    document = json.loads(run("policy", "explain", *ASKED, "--policy", declared, "--json").out)
    told = {"id": "churn-only", "line": 1, "needs": ['principal.role == "ml_train"']}
    assert document["decision"]["permits"] == [told]


def test_json(run: Run, declared: Path) -> None:
    answer = run("policy", "explain", *ASKED[:3], "ads", "--policy", declared, "--json")
    document = json.loads(answer.out)
    assert (answer.code, document["outcome"]) == (1, "fail")
    assert document["decision"]["reasons"][0]["id"] == "purpose-not-declared"
    assert {"place": "request", "what": "purpose churn"} in document["turns"]


def test_names_are_drawn(run: Run, declared: Path) -> None:
    answer = run("policy", "explain", "x\x1b[2K\nPASS", *ASKED[1:], "--policy", declared)
    assert not [mark for mark in answer.both if not (mark.isprintable() or mark == "\n")]


COVERED = [((), 0), (("--min-coverage", "13"), 0), (("--min-coverage", "14"), 1), (("--min-coverage", "101"), 64), (("--min-coverage", "nan"), 64)]  # fmt: skip


@pytest.mark.parametrize(("option", "code"), COVERED)
def test_coverage(run: Run, policy: Path, option: tuple[str, ...], code: int) -> None:
    (policy / "cases.yaml").write_text(CASES)
    answer = run("policy", "test", policy, *option)
    assert answer.code == code, answer.both
    if code != 64:
        assert "coverage: cases guard 2 of 15 rules of access.cedar (13 %" in answer.out
        assert "no case would fail without forbid scan-too-old (access.cedar:" in answer.out


def test_the_shipped_cases_guard_every_shipped_rule(run: Run) -> None:
    assert run("policy", "test", "--min-coverage", 100).code == 0
