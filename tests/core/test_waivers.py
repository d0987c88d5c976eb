"""How waivers stand: by their day, their share, what gates made of them, and what today's policy says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.record import Entry, Record, Run, record_id
from airflow_mlsecops.core.standing_waiver import StandingWaiver, State, in_order
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.core.waiver import Waiver, WaiverUse
from airflow_mlsecops.core.waiver_questions import questions
from airflow_mlsecops.core.waivers import granted_waivers, policy_waivers

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TODAY = NOW.date()
DATASET = "s3://ml/features"
ASKED = Finding(
    status=Status.FAIL, code="ENTITY_NOT_ALLOWED", subject="mail", reason="not allowed", entity="EMAIL_ADDRESS",
    rows=1, of=100,
)  # fmt: skip


def waiver(days: int = 60, **changes: Any) -> Waiver:
    """A waiver whose last day is so many days from today."""
    told = {
        "id": "W-1", "dataset": "s3://ml/**", "code": "ENTITY_NOT_ALLOWED", "subject": "mail", "entity": "EMAIL_ADDRESS",
        "requested_by": "ann", "approved_by": "bob", "reason": "soon gone", "until": TODAY + timedelta(days=days),
    }  # fmt: skip
    return Waiver(**{**told, **changes})


def use(days_ago: int = 1, **changes: Any) -> WaiverUse:
    """A use whose newest record is so many days old."""
    last = (NOW - timedelta(days=days_ago)).isoformat()
    told = {
        "waiver": "W-1", "dataset": DATASET, "environment": "prod", "dag_id": "churn", "code": "ENTITY_NOT_ALLOWED",
        "subject": "mail", "entity": "EMAIL_ADDRESS", "runs": 3, "ended_runs": 0, "first": last, "last": last,
        "last_sequence": 1000 - days_ago, "rows": 1, "of": 100,
    }  # fmt: skip
    return WaiverUse(**{**told, **changes})


def stands(*uses: WaiverUse, **of: Any) -> StandingWaiver:
    """How one waiver of the policy stands."""
    policy = Policy(stages={}, environments={}, waivers=(waiver(**of),), lines={"waivers.0": 140})
    (found,) = policy_waivers(policy, uses, TODAY)
    return found


def entry(answer: Answer, days_ago: float = 0, sequence: int = 1, **run: Any) -> Entry:
    """What was asked or answered."""
    time = NOW - timedelta(days=days_ago)
    told = {"dag_id": "churn", "run_id": "r1", "task_id": "classify", **run}
    verdict = Verdict(
        gate=Gate.APPROVAL, outcome=Outcome.FAIL, dataset=DATASET, uri=DATASET, findings=(ASKED, ASKED), answer=answer
    )
    record = Record(
        id=record_id(time, sequence.to_bytes(10, "big")), time=time, environment="prod", producer="t", run=Run(**told),
        verdict=verdict,
    )  # fmt: skip
    return Entry(record=record, sequence=sequence, previous="", hash="", key_id="", signature="")


def ask(reply: Reply = Reply.ASKED, hours: float = 2, **changes: Any) -> Answer:
    told = {"requested_by": ("ann",), "approvers": ("bob", "eve"), "until": TODAY + timedelta(days=30), **changes}
    return Answer(reply=reply, stopped="0" * 32, deadline=NOW + timedelta(hours=hours), **told)


# --- by day ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "state"),
    [(60, State.ACTIVE), (15, State.ACTIVE), (14, State.ENDING), (0, State.ENDING), (-1, State.ENDED)],
)
def test_it_ends_after_its_last_day(days: int, state: State) -> None:
    assert stands(use(), days=days).state is state


def test_a_dag_is_stopped_on_the_day_after_the_last() -> None:
    assert stands(use(), days=3).stops_from == date(2026, 11, 30)


@pytest.mark.parametrize(("ago", "state"), [(29, State.ACTIVE), (30, State.UNUSED), (200, State.UNUSED)])
def test_not_used_in_thirty_days(ago: int, state: State) -> None:
    assert stands(use(ago)).state is state


def test_never_used() -> None:
    found = stands()
    assert (found.state, found.runs, found.dags, found.share) == (State.UNUSED, 0, (), None)
    assert stands(days=3).state is State.UNUSED


def test_one_that_ends_is_loud_even_where_it_is_used_once_a_quarter() -> None:
    assert stands(use(80), days=3).state is State.ENDING


# --- still found -----------------------------------------------------------------------------------------------------


def test_ended_by_its_day_and_found_since() -> None:
    assert stands(use(1, ended_runs=1), days=-5).state is State.STILL_FOUND


def test_ended_by_its_day_and_found_only_before() -> None:
    assert stands(use(9), days=-5).state is State.ENDED


@pytest.mark.parametrize(("rows", "state"), [(5, State.ACTIVE), (6, State.STILL_FOUND), (None, State.STILL_FOUND)])
def test_ended_by_its_share(rows: int | None, state: State) -> None:
    assert stands(use(ended_runs=1, rows=rows), max_share=0.05).state is state


def test_a_share_that_no_gate_found_to_be_too_large_ends_nothing() -> None:
    assert stands(use(rows=90), max_share=0.05).state is State.ACTIVE


def test_one_of_several_uses_is_enough() -> None:
    found = stands(use(), use(dag_id="fraud", ended_runs=1, rows=50, last_sequence=5), max_share=0.05)
    assert found.state is State.STILL_FOUND


# --- what is told ----------------------------------------------------------------------------------------------------


def test_what_is_told_of_one_of_the_policy() -> None:
    found = stands(use(), use(5, dag_id="fraud", runs=4, rows=9, last_sequence=5), max_share=0.2)
    assert (found.rule, found.record) == ("policy.yaml:140", "")
    assert (found.runs, found.dags, found.share, found.max_share) == (7, ("churn", "fraud"), 0.01, 0.2)
    assert (found.dataset, found.datasets, found.environment) == (DATASET, 1, "prod")
    assert (found.requested_by, found.approved_by, found.reason) == ("ann", "bob", "soon gone")


def test_one_that_was_used_on_several_names_its_glob() -> None:
    found = stands(use(), use(dataset="s3://ml/other", environment="test"))
    assert (found.dataset, found.datasets, found.environment) == ("s3://ml/**", 2, "")


def test_uses_of_another_waiver_say_nothing() -> None:
    assert stands(use(waiver="W-2")).runs == 0


# --- granted ---------------------------------------------------------------------------------------------------------


def granted(*uses: WaiverUse, days: int = 60, ago: int = 1, holds: tuple[Waiver, ...] | None = None) -> StandingWaiver:
    given = waiver(days, dataset=DATASET)
    told = entry(ask(Reply.GRANTED, waivers=(given,)), ago)
    (found,) = granted_waivers([told], uses, TODAY, lambda _: (given,) if holds is None else holds)
    return found


def test_a_new_one_is_active_before_its_first_use() -> None:
    assert granted().state is State.ACTIVE
    assert granted(ago=31).state is State.UNUSED
    assert granted(days=3).state is State.ENDING


def test_it_names_its_record_and_run() -> None:
    found = granted(use())
    assert found.run is not None
    assert (found.run.dag_id, found.rule, len(found.record), found.asked) == ("churn", "", 32, NOW - timedelta(days=1))


def test_one_that_the_policy_would_not_allow_any_more_holds_no_longer() -> None:
    assert granted(use(), holds=()).state is State.VOID
    assert granted(use(), holds=(), days=-1).state is State.ENDED


def test_one_that_the_policy_allows_for_less_ends_sooner() -> None:
    found = granted(use(), holds=(waiver(2),))
    assert (found.state, found.until) == (State.ENDING, TODAY + timedelta(days=2))


@pytest.mark.parametrize("reply", [reply for reply in Reply if reply is not Reply.GRANTED])
def test_nothing_else_grants(reply: Reply) -> None:
    told = entry(ask(reply, waivers=(waiver(),)))
    assert not list(granted_waivers([told], (), TODAY, lambda _: (waiver(),)))


# --- asked -----------------------------------------------------------------------------------------------------------


def test_a_question_that_waits() -> None:
    (found,) = questions([entry(ask(), 0.1)], {1}, NOW)
    assert found.state is State.PENDING
    assert (found.subject, found.more, found.approved_by, found.requested_by) == ("mail", 1, "bob, eve", "ann")
    assert (found.reason, found.share, found.dags) == ("not allowed", 0.01, ("churn",))


def test_a_question_after_which_a_gate_has_spoken_waits_no_more() -> None:
    assert questions([entry(ask())], set(), NOW) == ()


def test_only_the_newest_of_a_task_counts() -> None:
    asked, denied = entry(ask(), sequence=1), entry(ask(Reply.DENIED, answered_by="bob"), sequence=2)
    (found,) = questions([denied, asked], {2}, NOW)
    assert (found.state, found.approved_by) == (State.DENIED, "bob")
    assert len(questions([denied, entry(ask(), map_index=3)], {1, 2}, NOW)) == 2


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply.DENIED, State.DENIED),
        (Reply.TIMED_OUT, State.TIMED_OUT),
        (Reply.ASKED, State.TIMED_OUT),
        (Reply.GRANTED, None),
    ],
)
def test_what_was_not_granted_is_told_for_two_weeks(reply: Reply, state: State | None) -> None:
    assert [one.state for one in questions([entry(ask(reply, hours=-1))], {1}, NOW)] == ([state] if state else [])
    assert questions([entry(ask(reply, hours=-24 * 15))], {1}, NOW) == ()


def test_what_needs_somebody_is_first_and_of_it_what_ends_first() -> None:
    given = [stands(use(), days=days) for days in (60, -1, 9, 3)]
    (asked,) = questions([entry(ask())], {1}, NOW)
    found = in_order([*given, asked])
    assert [one.state.value for one in found] == ["pending", "ending", "ending", "active", "ended"]
    assert found[1].until == TODAY + timedelta(days=3)
