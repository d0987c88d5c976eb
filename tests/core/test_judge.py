"""What a dataset may hold, what is new, what was not read, what is waived."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from airflow_mlsecops.core.baseline import Baseline
from airflow_mlsecops.core.classification import Classification, Skipped
from airflow_mlsecops.core.finding import Finding, Novelty, Origin, Status
from airflow_mlsecops.core.fingerprint import Fingerprint
from airflow_mlsecops.core.judge import highest_level, judge_classification
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import DatasetRule, StageRule, Tier, Waiver
from airflow_mlsecops.core.verdict import Outcome, outcome_of
from airflow_mlsecops.core.waive import apply_waivers
from tests.core.make import DATASET, ENTITIES, found, policy

MAIL = ("mail", "EMAIL_ADDRESS")
NOTHING_KNOWN = Baseline()
MAIL_KNOWN = Baseline(pairs=frozenset({MAIL}), records=3)
OTHERS_KNOWN = Baseline(pairs=frozenset({("other", "EMAIL_ADDRESS")}), records=3)


def judged(classification: Classification, known: Baseline = NOTHING_KNOWN, **changes: Any) -> tuple[Finding, ...]:
    identity = changes.pop("identity", DATASET)
    origins = changes.pop("origins", {})
    return judge_classification(
        classification, identity=identity, policy=policy(**changes), entities=ENTITIES, baseline=known, origins=origins
    )


TABLE = [
    # what is in it, what is known, changes, outcome, code of the first finding
    ("allowed and first seen", found((*MAIL, 9)), NOTHING_KNOWN, {}, Outcome.PASS, "ENTITY_ALLOWED"),
    ("allowed and known", found((*MAIL, 9)), MAIL_KNOWN, {}, Outcome.PASS, "ENTITY_ALLOWED"),
    ("allowed but new on this column", found((*MAIL, 9)), OTHERS_KNOWN, {}, Outcome.FAIL, "ENTITY_NEW"),
    ("one hit in a million is a hit", found(("notes", "US_SSN", 1), rows=10**6), MAIL_KNOWN, {}, Outcome.FAIL,
     "ENTITY_NOT_ALLOWED"),
    ("new but below the level that blocks", found(("land", "COUNTRY", 9)), MAIL_KNOWN, {}, Outcome.PASS, "ENTITY_ALLOWED"),
    ("new, internal, and the tier is careful", found(("land", "COUNTRY", 9)), MAIL_KNOWN,
     {"tiers": {"strict": Tier(new_blocks_from=Level.INTERNAL)}}, Outcome.FAIL, "ENTITY_NEW"),
    ("an unknown tier gets the most care", found(("land", "COUNTRY", 9)), MAIL_KNOWN, {"tiers": {}}, Outcome.FAIL,
     "ENTITY_NEW"),
    ("never beats may_hold", found(("k", "AWS_ACCESS_KEY", 1)), NOTHING_KNOWN,
     {"stages": {"features": StageRule(may_hold=("AWS_ACCESS_KEY",), never=("role:secret",))}}, Outcome.FAIL,
     "ENTITY_NOT_ALLOWED"),
    ("the policy raises a level", found(("land", "COUNTRY", 9)), NOTHING_KNOWN, {"levels": {"COUNTRY": "restricted"}},
     Outcome.FAIL, "ENTITY_NOT_ALLOWED"),
    ("tolerated up to its share", found(("notes", "US_SSN", 1), rows=1000), NOTHING_KNOWN,
     {"datasets": (DatasetRule(match="**", stage="features", tolerate={"US_SSN": 0.001}),)}, Outcome.PASS,
     "ENTITY_ALLOWED"),
    ("not tolerated above it", found(("notes", "US_SSN", 2), rows=1000), NOTHING_KNOWN,
     {"datasets": (DatasetRule(match="**", stage="features", tolerate={"US_SSN": 0.001}),)}, Outcome.FAIL,
     "ENTITY_NOT_ALLOWED"),
    ("nothing sensitive", found(), NOTHING_KNOWN, {}, Outcome.PASS, "NOTHING_SENSITIVE"),
    ("an undeclared dataset may hold nothing", found(("land", "COUNTRY", 1)), NOTHING_KNOWN, {"datasets": ()},
     Outcome.FAIL, "ENTITY_NOT_ALLOWED"),
    ("a stage nobody describes may hold nothing", found(("land", "COUNTRY", 1)), NOTHING_KNOWN, {"stages": {}},
     Outcome.FAIL, "ENTITY_NOT_ALLOWED"),
    ("no row", found(rows=0), NOTHING_KNOWN, {}, Outcome.UNKNOWN, "NO_ROWS"),
    ("no column", Classification(), NOTHING_KNOWN, {}, Outcome.UNKNOWN, "NO_COLUMNS"),
    ("fewer rows than there are", found(rows_present=1001), NOTHING_KNOWN, {}, Outcome.UNKNOWN, "NOT_ALL_ROWS"),
    ("something skipped", found(skipped=(Skipped(code="UNREADABLE_CELLS", detail="3 cells"),)), NOTHING_KNOWN, {},
     Outcome.UNKNOWN, "UNREADABLE_CELLS"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("there", "known", "changes", "outcome", "code"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE]
)
def test_judgement(
    there: Classification, known: Baseline, changes: dict[str, Any], outcome: Outcome, code: str
) -> None:
    findings = judged(there, known, **changes)
    assert outcome_of(findings) is outcome
    assert findings[0].code == code


def test_a_class_that_a_parent_brought_names_parent_and_column() -> None:
    origin = Origin(parent="crm.customers", column="email", share=0.97, compared=1000)
    (finding,) = judged(found(("hint", "US_SSN", 31)), origins={("hint", "US_SSN"): origin})
    assert (finding.code, finding.status, finding.origin) == ("ENTITY_FROM_PARENT", Status.FAIL, origin)
    assert "crm.customers column email" in finding.reason
    assert finding.rule == "policy.yaml:14"


def test_an_allowed_class_from_a_parent_stays_allowed() -> None:
    origin = Origin(parent="crm.customers", column="email", share=1, compared=10)
    (finding,) = judged(found((*MAIL, 31)), origins={MAIL: origin})
    assert finding.code == "ENTITY_ALLOWED"


def test_weak_fingerprint_blocks_restricted_data_only() -> None:
    weak = Fingerprint(parts=frozenset({"a"}), weak=True)
    allowed = {"stages": {"features": StageRule(up_to=Level.RESTRICTED)}}
    assert outcome_of(judged(found((*MAIL, 1), fingerprint=weak), **allowed)) is Outcome.PASS
    assert outcome_of(judged(found(("s", "US_SSN", 1), fingerprint=weak), **allowed)) is Outcome.UNKNOWN


def test_novelty_is_said() -> None:
    assert judged(found((*MAIL, 1)))[0].novelty is Novelty.FIRST_SEEN
    assert judged(found((*MAIL, 1)), MAIL_KNOWN)[0].novelty is Novelty.KNOWN


def test_share_is_of_the_columns_own_rows() -> None:
    (finding,) = judged(found((*MAIL, 10), rows=1000))
    assert finding.share == 0.01


def test_highest_level() -> None:
    sightings = found((*MAIL, 1), ("s", "US_SSN", 1)).sightings
    assert highest_level(sightings, policy(), ENTITIES) is Level.RESTRICTED
    assert highest_level((), policy(), ENTITIES) is Level.PUBLIC


WAIVER = Waiver(
    id="W-7", dataset="**/features/**", code="ENTITY_NOT_ALLOWED", subject="notes", entity="US_SSN", requested_by="alice",
    approved_by="sec", reason="legacy extract", until=date(2026, 12, 1), max_share=0.01,
)  # fmt: skip
WAIVED = [
    ("in force", {}, True),
    ("on its last day", {"until": date(2026, 11, 23)}, True),
    ("ended yesterday", {"until": date(2026, 11, 22)}, False),
    ("for another column", {"subject": "mail"}, False),
    ("for another class", {"entity": "EMAIL_ADDRESS"}, False),
    ("for another code", {"code": "ENTITY_NEW"}, False),
    ("for another dataset", {"dataset": "**/raw/**"}, False),
    ("approved by the one who asked", {"approved_by": "alice"}, False),
    ("the share doubled", {"max_share": 0.0005}, False),
    ("whatever the share", {"max_share": None}, True),
]


@pytest.mark.parametrize(("changes", "holds"), [row[1:] for row in WAIVED], ids=[row[0] for row in WAIVED])
def test_waivers(changes: dict[str, Any], holds: bool) -> None:
    said = policy(waivers=(WAIVER.model_copy(update=changes),))
    failed = judged(found(("notes", "US_SSN", 1)))
    (finding,) = apply_waivers(failed, identity=DATASET, policy=said, today=date(2026, 11, 23))
    assert finding.status is Status.FAIL
    assert (finding.waiver is not None) is holds
    assert outcome_of([finding]) is (Outcome.PASS if holds else Outcome.FAIL)


def test_an_ended_waiver_says_so() -> None:
    said = policy(waivers=(WAIVER.model_copy(update={"until": date(2026, 11, 1)}),))
    (finding,) = apply_waivers(
        judged(found(("notes", "US_SSN", 1))), identity=DATASET, policy=said, today=date(2026, 11, 23)
    )
    assert "waiver W-7 ended on 2026-11-01" in finding.reason


def test_what_nobody_looked_at_cannot_be_waived() -> None:
    said = policy(
        waivers=(
            WAIVER.model_copy(update={"code": "NO_ROWS", "subject": "dataset", "entity": None, "max_share": None}),
        )
    )
    findings = apply_waivers(judged(found(rows=0)), identity=DATASET, policy=said, today=date(2026, 11, 23))
    assert outcome_of(findings) is Outcome.UNKNOWN


def test_no_finding_is_no_pass() -> None:
    assert outcome_of(()) is Outcome.UNKNOWN
