"""``policy diff``: what a new folder answers otherwise, of the cases of both and of what the ledger holds."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.operators.errors import GateFailed
from airflow_mlsecops.policy import load
from airflow_mlsecops.policy.replay import compare_decision
from tests.cli.conftest import CASES, Run
from tests.ledger.make import a_record
from tests.operators.lake import Lake

ASKED = "- {name: asked, kind: access, dataset: 's3://ml/features/x', action: train, purpose: churn, purposes: [churn], expect: allow}\n"
DETECTOR = """\
name: STAFF_NUMBER
title: staff number
level: internal
role: direct identifier
pattern: 'S-[0-9]{6}'
examples: {match: [S-123456], no_match: [S-1]}
"""


def copy_of(folder: Path, name: str = "other", **edits: tuple[str, str]) -> Path:
    """The folder once more, with ``policy__yaml=(old, new)`` edited."""
    other = folder.with_name(name)
    shutil.copytree(folder, other)
    for place, (old, new) in edits.items():
        file = other / place.replace("__", ".")
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    return other


CHANGES: list[tuple[str, dict[str, tuple[str, str]], int, str]] = [
    ("nothing", {}, 0, "0 of 3 cases changed"),
    ("a comment", {"access__cedar": ("// What", "// What then")}, 0, "0 of 3 cases changed"),
    ("a stage opens", {"policy__yaml": ("up_to: internal", "up_to: restricted")}, 1, "opens"),
    ("a stage closes", {"policy__yaml": ("up_to: restricted", "up_to: public")}, 1, "closes"),
    ("a rule closes", {"access__cedar": ('outcome == "pass"', 'outcome == "unknown"')}, 1, "closes"),
    ("a rule of another name", {"access__cedar": ('@id("application-may-use")', '@id("anybody")')}, 1, "reasons"),
    ("a case that only the new one has", {"cases__yaml": ("name: raw data may", "name: raw may")}, 0, "0 of 4 cases"),
    ("a folder that is wrong", {"access__cedar": ("permit (", "permit (permit ")}, 2, "POLICY_INVALID"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "code", "said"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_cases(run: Run, policy: Path, edits: dict[str, tuple[str, str]], code: int, said: str) -> None:
    (policy / "cases.yaml").write_text(CASES + ASKED)
    answer = run("policy", "diff", policy, copy_of(policy, **edits))
    assert answer.code == code, answer.both
    assert said in answer.both
    assert ("no ledger here" in answer.out) is (code != 2)


def test_where_nothing_is_compared_nothing_is_known(run: Run, policy: Path) -> None:
    (policy / "cases.yaml").write_text("[]\n")
    assert run("policy", "diff", policy, policy, "--no-ledger").code == 2


def test_what_one_folder_does_not_know_is_not_compared(run: Run, policy: Path) -> None:
    other = copy_of(policy)
    (other / "detectors").mkdir()
    (other / "detectors" / "staff.yaml").write_text(DETECTOR)
    (other / "cases.yaml").write_text(
        CASES
        + CASES[: CASES.index("- name: raw")].replace("EMAIL_ADDRESS", "STAFF_NUMBER").replace("no address", "none")
    )
    answer = run("policy", "diff", policy, other)
    assert answer.code == 2, answer.both
    assert "the old folder knows no entity STAFF_NUMBER" in " ".join(answer.out.split())


@pytest.fixture
def lake(deployment: Path) -> Iterator[Lake]:
    """A deployment whose application was allowed once; its ledger holds how."""
    before = os.umask(0o077)
    lake = Lake(deployment)
    gates = lake.gates()
    for name in ("classify", "isolate", "may_train"):
        lake.run(gates[name])
    yield lake
    os.umask(before)


DECISIONS: list[tuple[str, dict[str, tuple[str, str]], int, str]] = [
    ("nothing", {}, 0, ""),
    ("another purpose", {"policy__yaml": ("purposes: [churn]", "purposes: [ads]")}, 1, "deny (purpose-not-declared)"),
    ("another application", {"policy__yaml": ("applications: [churn]", "applications: [ads]")}, 1, "deny (application-not-listed)"),
    ("a forbid more", {"access__cedar": ("// ── some", '@id("nobody") @reason("r") forbid (principal, action, resource is MLSecOps::Dataset);\n// ── some')}, 1, "deny (nobody)"),
    ("persons only", {"access__cedar": ("// ── some", '@id("nobody") @reason("r") forbid (principal, action, resource is MLSecOps::Dataset) when { principal.kind == "human" };\n// ── some')}, 2, "whether a person was at a keyboard"),
    ("a rule of users", {"access__cedar": ("// ── some", '@id("nobody") @reason("r") forbid (principal is MLSecOps::Workload, action, resource is MLSecOps::Dataset) when { principal["user"] == "x" };\n// ── some')}, 2, "operating-system user"),
]  # fmt: skip


def test_decisions(lake: Lake) -> None:
    """Records of real gates, replayed against each folder."""
    old, (record, *others) = load(lake.folder), lake.records()
    for number, (name, edits, code, said) in enumerate(DECISIONS):
        new = load(copy_of(lake.folder, f"new{number}", **edits))
        found = compare_decision(record, others, old, new)
        assert found is not None, name
        assert (bool(found.changed), bool(found.unknown)) == (code == 1, code == 2), (name, found)
        assert said in (found.unknown or str(found.new)), (name, found)


def test_the_command_replays_what_the_ledger_holds(run: Run, lake: Lake) -> None:
    new = copy_of(lake.folder, policy__yaml=("purposes: [churn]", "purposes: [ads]"))
    answer = run("policy", "diff", lake.folder, new)
    assert answer.code == 1, answer.both
    assert "closes" in answer.out
    assert "of the ledger: 1 of 1 decision changed" in answer.out
    document = json.loads(run("policy", "diff", lake.folder, new, "--json").out)
    assert [one["changed"] for one in document["decisions"]] == ["closes"]
    same = run("policy", "diff", lake.folder, lake.folder)
    assert (same.code, "0 of 1 decision changed" in same.out) == (0, True), same.both


def test_what_was_denied_is_replayed_too(lake: Lake) -> None:
    lake.write("features", pl.DataFrame({"contact": ["a@example.org"] * 20, "usage": list(range(20))}))
    gates = lake.gates()
    for name in ("classify", "isolate", "may_train"):
        try:
            lake.run(gates[name], run_id="r2")
        except GateFailed:
            continue
    record, *others = lake.records(run_id="r2")
    old = load(lake.folder)
    found = compare_decision(record, others, old, old)
    assert found is not None
    assert found.old is not None
    assert (found.old.allowed, found.changed) == (False, "")
    assert {"scan-not-passed", "identity-into-model"} <= set(found.old.by)


def said(code: str, rule: str = "access.cedar") -> Finding:
    status = Status.PASS if code == "ACCESS_ALLOWED" else Status.FAIL
    return Finding(status=status, code=code, subject="churn.may", reason="r", rule=rule)


ALLOWED = (said("ACCESS_ALLOWED"),)
LACKING: list[tuple[str, tuple[Finding, ...], str, tuple[Gate, ...], str]] = [
    ("no scan", ALLOWED, "train for churn", (Gate.ISOLATION,), "does not hold the scan"),
    ("no check", ALLOWED, "train for churn", (Gate.CLASSIFY,), "does not hold the check"),
    ("nothing asked", ALLOWED, "", (Gate.CLASSIFY, Gate.ISOLATION), "does not hold what was asked"),
    ("another answer", ALLOWED, "train for churn", (Gate.CLASSIFY, Gate.ISOLATION), "policy pppppppppppp judged it"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("findings", "asked", "gates", "why"), [row[1:] for row in LACKING], ids=[row[0] for row in LACKING]
)
def test_what_records_do_not_hold_is_said(
    policy: Path, findings: tuple[Finding, ...], asked: str, gates: tuple[Gate, ...], why: str
) -> None:
    folder = load(policy)
    others = [a_record(gate=gate, task_id=gate.value) for gate in gates]
    record = a_record(gate=Gate.ACCESS, task_id="may", asked=asked, findings=findings)
    found = compare_decision(record, others, folder, folder)
    assert found is not None
    assert why in found.unknown


ASKS = [
    ("the user", 'principal.user == "x"', "asks for the operating-system user"),
    ("the owner", 'principal.owner == "x"', "asks for the owner of the task"),
    ("an owner of who knows what", '(if context.listed then principal else principal).owner == "x"', "asks for the owner"),
    ("near miss: the dataset's owner", 'resource.owner == "x"', "does not hold what was asked"),
    ("near miss: the role", 'principal.role == "x"', "does not hold what was asked"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "why"), [row[1:] for row in ASKS], ids=[row[0] for row in ASKS])
def test_what_no_record_holds_is_said(policy: Path, condition: str, why: str) -> None:
    more = f'@id("more") @reason("r") forbid (principal, action, resource is MLSecOps::Dataset) when {{ {condition} }};'
    access = policy / "access.cedar"
    new = load(copy_of(policy, access__cedar=("// What these", f"{more}\n// What these")))
    assert more not in access.read_text()
    others = [a_record(gate=gate, task_id=gate.value) for gate in (Gate.CLASSIFY, Gate.ISOLATION)]
    asked = "train for churn" if why.startswith("asks") else ""
    record = a_record(gate=Gate.ACCESS, task_id="may", asked=asked, findings=ALLOWED)
    found = compare_decision(record, others, load(policy), new)
    assert found is not None
    assert why in found.unknown


def test_the_role_that_was_recorded_is_replayed(lake: Lake) -> None:
    gates = lake.gates()
    for name in ("classify", "isolate", "may_train"):
        lake.run(gates[name], run_id="r3")
    record, isolated, scanned = lake.records(run_id="r3")
    told = isolated.model_copy(update={"verdict": isolated.verdict.model_copy(update={"identity": "ml_train"})})
    old = load(lake.folder)
    rule = '@id("role") @reason("r") forbid (principal, action, resource is MLSecOps::Dataset) when {{ principal.role == "{}" }};\n// What these'
    for name, changed in (("ml_train", "closes"), ("ml_dev", "")):
        new = load(copy_of(lake.folder, name, access__cedar=("// What these", rule.format(name))))
        found = compare_decision(record, [told, scanned], old, new)
        assert found is not None
        assert (found.changed, found.unknown) == (changed, "")


def test_nothing_to_compare_is_said(run: Run, policy: Path) -> None:
    (policy / "cases.yaml").write_text("[]\n")
    answer = run("policy", "diff", policy, policy, "--no-ledger")
    assert answer.code == 2
    assert "nothing was put to both" in answer.out


@pytest.mark.parametrize("number", ["0", "-1", "many", "100001", "9" * 5000])
def test_a_number_of_records_that_is_none(run: Run, policy: Path, number: str) -> None:
    answer = run("policy", "diff", policy, policy, f"--last={number}")
    assert answer.code == 64
    assert "expected a whole number, 1 to 100000" in answer.both


def test_another_runs_evidence_is_none(policy: Path) -> None:
    folder = load(policy)
    others = [a_record(gate=gate, task_id=gate.value, run_id="r2") for gate in (Gate.CLASSIFY, Gate.ISOLATION)]
    found = compare_decision(
        a_record(gate=Gate.ACCESS, asked="train for churn", findings=ALLOWED), others, folder, folder
    )
    assert found is not None
    assert "does not hold the scan" in found.unknown


@pytest.fixture
def ledger(deployment: Path, policy: Path) -> list[Record]:
    """A ledger with a decision that cannot be replayed, and one that no rule made."""
    (deployment / "mlsecops").mkdir()
    shutil.copytree(policy, deployment / "mlsecops" / "policy")
    made = [
        a_record(gate=Gate.ACCESS, task_id="may", asked="train for churn", findings=ALLOWED),
        a_record(
            Outcome.UNKNOWN,
            gate=Gate.ACCESS,
            task_id="must",
            asked="read for churn",
            findings=(said("EVIDENCE_MISSING", ""),),
        ),
    ]
    with MlsecopsHook().ledger() as ledger:
        for record in made:
            ledger.append(record)
    return made


def test_what_was_not_replayed_makes_it_unknown(run: Run, policy: Path, ledger: list[Record]) -> None:
    answer = run("policy", "diff", policy, policy)
    assert answer.code == 2, answer.both
    assert "not replayed" in answer.out
    assert "0 of 1 decision changed, 1 could not be compared" in answer.out
    assert "1 more had asked no rule" in answer.out
    assert run("policy", "diff", policy, policy, "--no-ledger").code == 0


def test_a_tampered_ledger_fails(run: Run, policy: Path, ledger: list[Record], deployment: Path) -> None:
    database = sqlite3.connect(deployment / "mlsecops" / "ledger.db")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    database.execute("UPDATE mlsecops_record SET outcome = 'fail' WHERE sequence = 1")
    database.commit()
    database.close()
    answer = run("policy", "diff", policy, policy)
    assert answer.code == 1
    assert "LEDGER_TAMPERED" in answer.err


def test_a_ledger_that_cannot_be_read_is_unknown(
    run: Run, policy: Path, ledger: list[Record], deployment: Path
) -> None:
    (deployment / "mlsecops" / "ledger.db").write_bytes(b"no database at all" * 100)
    answer = run("policy", "diff", policy, policy)
    assert answer.code == 2
    assert "could not be read" in answer.out


@pytest.mark.parametrize("argv", [(), ("one",), ("one", "two", "--last", "0"), ("one", "two", "three")])
def test_a_wrong_command_line(run: Run, argv: tuple[str, ...]) -> None:
    assert run("policy", "diff", *argv).code == 64
