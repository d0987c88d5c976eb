"""Allow rules and samples as verdicts tell them: nothing is let through in silence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from airflow_mlsecops.core.allow import value_id
from airflow_mlsecops.core.baseline import Baseline
from airflow_mlsecops.core.classification import EMPTY, Allowed, Classification, Column, How, Sighting
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.judge import highest_level, judge_classification
from airflow_mlsecops.core.judge_allow import judge_allowed
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.sampling import Sample
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict, outcome_of
from airflow_mlsecops.core.words import render
from airflow_mlsecops.detectors import entities

TODAY = date(2026, 11, 25)
LAKE = "file:///lake/features/churn"
KEY = b"k" * 32
ENDED = {"entity": "EMAIL_ADDRESS", "column": "b", "reason": "until the move", "until": date(2026, 11, 24)}
FOREIGN = {"entity": "EMAIL_ADDRESS", "values": [value_id(KEY, "EMAIL_ADDRESS", "x"), value_id(b"o", "EMAIL_ADDRESS", "y")], "reason": "ours"}  # fmt: skip
HELD = {"entity": "EMAIL_ADDRESS", "column": "a", "reason": "role addresses"}


def policy(*allow: dict[str, Any], **tier: Any) -> Policy:
    return Policy.model_validate(
        {
            "stages": {"features": {"up_to": "internal"}},
            "environments": {},
            "tiers": {"strict": tier},
            "datasets": [{"match": "**/features/**", "stage": "features"}],
            "allow": allow,
            "lines": {f"allow.{index}": 40 + index for index in range(len(allow))}
            | {"tiers.strict.full_scan_up_to": 9},
        }
    )


def rows(read: int, present: int | None, **more: Any) -> Classification:
    return Classification(
        columns=(Column(name="a", type="String", rows=read),), rows_scanned=read, rows_present=present, **more
    )


def judge(found: Classification, by: Policy) -> tuple[Finding, ...]:
    return judge_classification(
        found, identity=LAKE, policy=by, entities=entities(), baseline=Baseline(), origins={}
    ) + judge_allowed(found, identity=LAKE, policy=by, entities=entities(), today=TODAY, key=KEY)


def test_what_was_let_through_is_told_with_its_line_and_count() -> None:
    found = rows(100, 100, allowed=(Allowed(column="a", entity="EMAIL_ADDRESS", rows=12, rule=0),))
    findings = judge(found, policy(HELD))
    assert outcome_of(findings) is Outcome.PASS
    text = render(Verdict(gate=Gate.CLASSIFY, outcome=Outcome.PASS, dataset=LAKE, uri=LAKE, findings=findings), {})
    assert "a  EMAIL_ADDRESS  confidential  12 rows (12 %)" in text
    assert "ALLOW_LISTED: allowed by policy: role addresses (policy.yaml:40)" in text


@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        (ENDED, "ALLOW_ENDED", "this allow rule ended on 2026-11-24"),
        (FOREIGN, "ALLOW_OTHER_KEY", "1 of 2 allowed values were keyed with another"),
    ],
)
def test_what_allows_nothing_any_more_is_told_and_does_not_block(rule: dict[str, Any], code: str, said: str) -> None:
    findings = judge(rows(100, 100), policy(rule))
    told = next(finding for finding in findings if finding.code == code)
    assert told.reason.startswith(said)
    assert told.rule == "policy.yaml:40"
    assert outcome_of(findings) is Outcome.PASS
    text = render(Verdict(gate=Gate.CLASSIFY, outcome=Outcome.PASS, dataset=LAKE, uri=LAKE, findings=findings), {})
    assert said in text
    assert "→" in text


def test_rules_of_other_datasets_are_not_told() -> None:
    findings = judge(rows(100, 100), policy({**ENDED, "dataset": "**/raw/**"}))
    assert [finding.code for finding in findings] == ["NOTHING_SENSITIVE"]


LEAVE: dict[str, Any] = {"full_scan_up_to": 1_000, "max_undetected": 0.01, "confidence": 0.95}
DRAWN = Sample(rows=299, of=10_000, max_undetected=0.01, confidence=0.95)
SAMPLES: list[tuple[str, Sample | None, int, int, dict[str, Any], str]] = [
    # sample, rows read, rows present, tier, code
    ("as large as asked for", DRAWN, 299, 10_000, LEAVE, "SAMPLED"),
    ("larger", DRAWN.model_copy(update={"rows": 500}), 500, 10_000, LEAVE, "SAMPLED"),
    ("smaller", DRAWN.model_copy(update={"rows": 298}), 298, 10_000, LEAVE, "NOT_ALL_ROWS"),
    ("without leave", DRAWN, 299, 10_000, {}, "NOT_ALL_ROWS"),
    ("of a dataset that grew", DRAWN, 299, 10_001, LEAVE, "NOT_ALL_ROWS"),
    ("of fewer rows than it says", DRAWN, 200, 10_000, LEAVE, "NOT_ALL_ROWS"),
    ("of a small dataset", DRAWN.model_copy(update={"of": 900}), 299, 900, LEAVE, "NOT_ALL_ROWS"),
    ("a part that is no sample", None, 9_999, 10_000, LEAVE, "NOT_ALL_ROWS"),
    ("a policy that asks for more since", DRAWN, 299, 10_000, {**LEAVE, "max_undetected": 0.001}, "NOT_ALL_ROWS"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sample", "read", "present", "tier", "code"), [row[1:] for row in SAMPLES], ids=[row[0] for row in SAMPLES]
)
def test_samples(sample: Sample | None, read: int, present: int, tier: dict[str, Any], code: str) -> None:
    findings = judge(rows(read, present, sampled=sample), policy(**tier))
    told = next(finding for finding in findings if finding.code in ("SAMPLED", "NOT_ALL_ROWS"))
    assert told.code == code
    assert outcome_of(findings) is (Outcome.PASS if code == "SAMPLED" else Outcome.UNKNOWN)


def test_the_bound_is_said() -> None:
    told = judge(rows(299, 10_000, sampled=DRAWN), policy(**LEAVE))[0]
    assert told.reason == (
        "299 of 10,000 rows, uniform sample: what stands in 1 % of them or more was found with 95 % confidence"
    )
    assert told.rule == "policy.yaml:9"


def test_undeclared_datasets_are_never_sampled() -> None:
    assert policy(**LEAVE).sampling(LAKE) is not None
    assert policy(**LEAVE).sampling("file:///home/x") is None


def test_two_samples_are_no_sample_and_nothing_changes_none() -> None:
    one = rows(299, 10_000, sampled=DRAWN)
    assert one.merge(one).sampled is None
    assert one.merge(EMPTY) == EMPTY.merge(one) == one
    assert not one.complete


def test_what_nobody_knows_any_more_is_unknown_and_counts_as_the_highest() -> None:
    gone = Sighting(column="a", entity="STAFF_NUMBER", rows=3, how=How.VALIDATED)
    assert highest_level((gone,), policy(), entities()) is Level.RESTRICTED
    findings = judge(rows(10, 10, sightings=(gone,)), policy())
    assert [(one.code, one.status, one.entity) for one in findings] == [
        ("ENTITY_UNKNOWN", Status.UNKNOWN, "STAFF_NUMBER")
    ]
    assert outcome_of(findings) is Outcome.UNKNOWN
