"""A baseline is a set of what enforcing passes held, and what the policy declares."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from airflow_mlsecops.core.baseline import Baseline, baseline
from airflow_mlsecops.core.classification import How, Sighting
from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Novelty, Status
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Gate, Outcome
from tests.core.make import DATASET, NOW, record

MAIL = Sighting(column="mail", entity="EMAIL_ADDRESS", rows=1, how=How.VALIDATED)
PAIR = ("mail", "EMAIL_ADDRESS")
WAIVED = Finding(
    status=Status.FAIL, code="ENTITY_NEW", subject="mail", entity="EMAIL_ADDRESS", reason="new",
    waiver=AppliedWaiver(id="W", approved_by="sec", until=NOW.date(), reason="x"),
)  # fmt: skip


def of(*records: Record, **declared: tuple[str, ...]) -> Baseline:
    return baseline(records, declared, dataset=DATASET, environment="prod", now=NOW, days=90)


COUNTS = [
    ("an enforcing pass", {}, {}, True),
    ("a failure", {}, {"outcome": Outcome.FAIL}, False),
    ("an unknown", {}, {"outcome": Outcome.UNKNOWN}, False),
    ("a merely observed pass", {}, {"enforced": False}, False),
    ("another gate", {}, {"gate": Gate.ACCESS}, False),
    ("another dataset", {}, {"dataset": "file:///other"}, False),
    ("another environment", {"environment": "dev"}, {}, False),
    ("90 days ago", {"time": NOW - timedelta(days=90)}, {}, True),
    ("91 days ago", {"time": NOW - timedelta(days=91)}, {}, False),
    ("from the future", {"time": NOW + timedelta(days=1)}, {}, False),
    ("waived", {}, {"findings": (WAIVED,)}, False),
]


@pytest.mark.parametrize(("where", "said", "known"), [row[1:] for row in COUNTS], ids=[row[0] for row in COUNTS])
def test_what_counts(where: dict[str, Any], said: dict[str, Any], known: bool) -> None:
    assert (PAIR in of(record(**where, sightings=(MAIL,), **said)).pairs) is known


def test_order_and_retries_do_not_matter() -> None:
    one, two = record(sightings=(MAIL,)), record(time=NOW - timedelta(days=2))
    failed = record(outcome=Outcome.FAIL)
    assert len({of(*order) for order in permutations((one, two, failed))}) == 1
    assert of(one, one).pairs == of(one).pairs


def test_novelty() -> None:
    assert of().novelty(*PAIR) is Novelty.FIRST_SEEN
    assert of(record()).novelty(*PAIR) is Novelty.NEW
    assert of(record(sightings=(MAIL,))).novelty(*PAIR) is Novelty.KNOWN
    assert of(mail=("EMAIL_ADDRESS",)).novelty(*PAIR) is Novelty.KNOWN
    assert of(other=("EMAIL_ADDRESS",)).novelty(*PAIR) is Novelty.NEW
