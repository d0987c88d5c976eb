"""A seal holds only on this run's enforced passes of this very data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from airflow_mlsecops.core.fingerprint import Fingerprint, fingerprint
from airflow_mlsecops.core.judge_seal import Sealed, judge_after, judge_seal
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Gate, Outcome, outcome_of
from tests.core.make import DATASET, NOW, policy, record

DATA = fingerprint(["a", "b"])
SEALED = Sealed(identity=DATASET, partition="2026-11-23/", environment="prod", fingerprint=DATA)


def classified(**changes: Any) -> Record:
    where = {name: changes.pop(name) for name in ("time", "environment") if name in changes}
    said = {"partition": "2026-11-23/", "policy": "d" * 64, "fingerprint": DATA.root, **changes}
    return record(**where, **said)


def isolated(**changes: Any) -> Record:
    return record(**{"gate": Gate.ISOLATION, "policy": "d" * 64, "task_id": "isolate", **changes})


TABLE = [
    ("all of it passed", classified(), {}, "SEAL_HOLDS"),
    ("no record", None, {}, "SEAL_NO_RECORD"),
    ("it failed", classified(outcome=Outcome.FAIL), {}, "SEAL_GATE_NOT_PASSED"),
    ("it could not tell", classified(outcome=Outcome.UNKNOWN), {}, "SEAL_GATE_NOT_PASSED"),
    ("it merely observed", classified(enforced=False), {}, "SEAL_GATE_NOT_PASSED"),
    ("under another policy", classified(policy="e" * 64), {}, "SEAL_OTHER_POLICY"),
    ("in another environment", classified(environment="dev"), {}, "SEAL_OTHER_ENVIRONMENT"),
    ("of another partition", classified(partition="2026-11-22/"), {}, "SEAL_OTHER_PARTITION"),
    ("a part was changed", classified(), {"fingerprint": fingerprint(["a", "c"])}, "SEAL_DATA_CHANGED"),
    ("a part was added", classified(), {"fingerprint": fingerprint(["a", "b", "c"])}, "SEAL_DATA_CHANGED"),
    ("everything was removed", classified(), {"fingerprint": Fingerprint(parts=frozenset())}, "SEAL_DATA_CHANGED"),
    ("a day ago", classified(time=NOW - timedelta(hours=24)), {}, "SEAL_HOLDS"),
    ("more than a day ago", classified(time=NOW - timedelta(hours=25)), {}, "SEAL_TOO_OLD"),
    ("another dataset", classified(dataset="file:///other"), {}, "SEAL_NOT_CLASSIFIED"),
]


@pytest.mark.parametrize(("known", "changes", "code"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_judgement(known: Record | None, changes: dict[str, Any], code: str) -> None:
    findings = judge_seal(SEALED.model_copy(update=changes), {"classify": known}, policy=policy(), now=NOW)
    assert code in {finding.code for finding in findings}
    assert outcome_of(findings) is (Outcome.PASS if code == "SEAL_HOLDS" else Outcome.FAIL)


JOBS = [("", "", True), ("j", "j", True), ("j", "k", False), ("", "k", False), ("j", "", False)]


@pytest.mark.parametrize(("judged", "submitted", "holds"), JOBS)
def test_the_job_is_the_one_that_was_judged(judged: str, submitted: str, holds: bool) -> None:
    records = {"classify": classified(), "isolate": isolated(job=judged)}
    findings = judge_seal(SEALED.model_copy(update={"job": submitted}), records, policy=policy(), now=NOW)
    assert (outcome_of(findings) is Outcome.PASS) is holds


def test_leave_to_use_another_dataset_is_no_leave() -> None:
    allowed = {"gate": Gate.ACCESS, "policy": "d" * 64, "task_id": "access", "partition": "2026-11-23/"}
    for changes, holds in (({}, True), ({"dataset": "file:///other"}, False), ({"partition": "2026-11-22/"}, False)):
        records = {"classify": classified(), "access": record(**{**allowed, **changes})}
        assert (outcome_of(judge_seal(SEALED, records, policy=policy(), now=NOW)) is Outcome.PASS) is holds


def test_a_closed_place_for_another_dataset_is_none_for_this() -> None:
    looked = (
        ({}, True),
        ({"dataset": "file:///other"}, False),
        ({"partition": "2026-11-23/"}, True),
        ({"partition": "2026-11-22/"}, False),
    )
    for changes, holds in looked:
        records = {"classify": classified(), "isolate": isolated(**changes)}
        assert (outcome_of(judge_seal(SEALED, records, policy=policy(), now=NOW)) is Outcome.PASS) is holds


AFTER = [
    ("untouched", DATA, classified(gate=Gate.SEAL), "SEAL_HELD", Outcome.PASS),
    (
        "a part was changed",
        fingerprint(["a", "c"]),
        classified(gate=Gate.SEAL),
        "CHANGED_DURING_TRAINING",
        Outcome.FAIL,
    ),
    (
        "a part was added",
        fingerprint(["a", "b", "c"]),
        classified(gate=Gate.SEAL),
        "CHANGED_DURING_TRAINING",
        Outcome.FAIL,
    ),
    ("nothing is there", fingerprint([]), classified(gate=Gate.SEAL), "CHANGED_DURING_TRAINING", Outcome.FAIL),
    ("no record of the start", DATA, None, "CHANGED_DURING_TRAINING", Outcome.UNKNOWN),
    ("a record without", DATA, classified(gate=Gate.SEAL, fingerprint=""), "CHANGED_DURING_TRAINING", Outcome.UNKNOWN),
]


@pytest.mark.parametrize(
    ("there", "before", "code", "outcome"), [row[1:] for row in AFTER], ids=[row[0] for row in AFTER]
)
def test_what_was_used_is_what_was_sealed(
    there: Fingerprint, before: Record | None, code: str, outcome: Outcome
) -> None:
    finding = judge_after(SEALED.model_copy(update={"fingerprint": there}), before)
    assert (finding.code, outcome_of((finding,))) == (code, outcome)


def test_a_seal_without_the_partition_of_its_gate_is_told_to_name_it() -> None:
    whole = SEALED.model_copy(update={"partition": ""})
    (finding,) = judge_seal(whole, {"classify": classified()}, policy=policy(), now=NOW)
    assert (finding.expected, finding.got) == ("all of it", "2026-11-23/")
    assert "same partition=" in (finding.remedy or "")


def test_one_missing_of_several_breaks_it() -> None:
    findings = judge_seal(SEALED, {"classify": classified(), "isolate": None}, policy=policy(), now=NOW)
    assert outcome_of(findings) is Outcome.FAIL


def test_a_pass_of_another_gate_classifies_nothing() -> None:
    findings = judge_seal(SEALED, {"isolate": isolated()}, policy=policy(), now=NOW)
    assert [finding.code for finding in findings if finding.blocks] == ["SEAL_NOT_CLASSIFIED"]


def test_a_missing_record_is_named_and_nothing_is_guessed_of_its_gate() -> None:
    findings = judge_seal(SEALED, {"classify": None}, policy=policy(), now=NOW)
    assert [finding.code for finding in findings if finding.blocks] == ["SEAL_NO_RECORD"]


def test_nothing_required_proves_nothing() -> None:
    findings = judge_seal(SEALED, {}, policy=policy(), now=NOW)
    assert [finding.code for finding in findings if finding.blocks] == ["SEAL_NOT_CLASSIFIED"]


def test_fingerprints_are_not_printed() -> None:
    findings = judge_seal(
        SEALED.model_copy(update={"fingerprint": fingerprint(["z"])}), {"c": classified()}, policy=policy(), now=NOW
    )
    assert DATA.root[:8] not in repr(findings)
