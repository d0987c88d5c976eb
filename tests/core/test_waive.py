"""A waiver that ended is kept with its finding, which stops and is said as EXPIRED."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.fingerprint import Fingerprint
from airflow_mlsecops.core.judge_seal import Sealed, judge_seal
from airflow_mlsecops.core.verdict import Gate, Outcome, outcome_of
from airflow_mlsecops.core.waive import apply_waivers
from airflow_mlsecops.core.waiver import Waiver
from airflow_mlsecops.core.words import render
from tests.core.make import DATASET, NOW, policy, record, verdict
from tests.core.test_approval import finding

TODAY = NOW.date()


def waiver(until: date = TODAY, **changes: object) -> Waiver:
    said = {
        "id": "W-1", "dataset": "**/features/**", "code": "ENTITY_NOT_ALLOWED", "subject": "hint",
        "entity": "EMAIL_ADDRESS", "requested_by": "alice", "approved_by": "bob", "reason": "a pilot",
    }  # fmt: skip
    return Waiver.model_validate({**said, "until": until, **changes})


def judged(*waivers: Waiver) -> Finding:
    (one,) = apply_waivers([finding()], identity=DATASET, policy=policy(waivers=waivers), today=TODAY)
    return one


@pytest.mark.parametrize("ended", [waiver(TODAY - timedelta(days=1)), waiver(max_share=0.05)])
def test_it_stops_and_is_said_as_expired(ended: Waiver) -> None:
    one = judged(ended)
    assert (one.waiver, one.ended and one.ended.id) == (None, "W-1")
    said = verdict(outcome=outcome_of([one]), findings=(one,))
    assert said.outcome is Outcome.FAIL
    text = render(said, {})
    assert text.startswith("FAIL (1 EXPIRED)")
    assert "EXPIRED: waiver W-1" in text


def test_one_in_force_counts_whatever_has_ended() -> None:
    one = judged(waiver(TODAY - timedelta(days=1)), waiver(id="W-2"))
    assert one.waiver is not None
    assert (one.waiver.id, one.waiver.requested_by, one.ended) == ("W-2", "alice", None)


@pytest.mark.parametrize("by", ["alice", "ALICE ", "Alice"])
def test_who_asked_and_approved_has_not_approved(by: str) -> None:
    assert judged(waiver(approved_by=by)).waiver is None


def test_the_log_says_what_was_asked_and_answered() -> None:
    asked = Answer(reply=Reply.ASKED, stopped="0" * 32, approvers=("bob",), until=TODAY, deadline=NOW)
    told = render(verdict(gate=Gate.APPROVAL, outcome=Outcome.FAIL, answer=asked), {})
    assert "asked: bob may approve this until 2026-11-23, by 2026-11-23 06:00 UTC" in told
    denied = asked.model_copy(update={"reply": Reply.DENIED, "answered_by": "bob", "reason": "no", "until": None})
    told = render(verdict(gate=Gate.APPROVAL, outcome=Outcome.FAIL, answer=denied), {})
    assert "denied by bob: no" in told


@pytest.mark.parametrize("outcome", list(Outcome))
def test_no_answer_opens_a_seal(outcome: Outcome) -> None:
    parts = Fingerprint(parts=frozenset({"f" * 64}))
    sealed = Sealed(identity=DATASET, partition="", environment="prod", fingerprint=parts)
    answer = Answer(reply=Reply.GRANTED, stopped="0" * 32)
    said = record(gate=Gate.APPROVAL, outcome=outcome, answer=answer, fingerprint=parts.root, policy="d" * 64)
    findings = judge_seal(sealed, {"classify": said}, policy=policy(), now=NOW)
    assert "SEAL_GATE_NOT_PASSED" in {one.code for one in findings if one.blocks}
