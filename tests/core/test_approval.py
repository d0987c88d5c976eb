"""Who may answer, within which bounds, and what an approval is good for under the policy of another day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.approval import (
    Bounds,
    Said,
    again,
    approver_of,
    bounds_of,
    day_of,
    granted,
    refusal,
    waivers_of,
    why_not_asked,
)
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import DatasetRule, StageRule
from airflow_mlsecops.core.record import Entry, Record
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.core.waive import apply_waivers
from tests.core.make import DATASET, ENTITIES, NOW, policy, record, verdict

TODAY = NOW.date()
BOUNDS = Bounds(approvers=("bob", "7"), requesters=("alice",), until=TODAY + timedelta(days=30), deadline=NOW)


def finding(subject: str = "hint", **changes: Any) -> Finding:
    said: dict[str, Any] = {
        "status": Status.FAIL,
        "code": "ENTITY_NOT_ALLOWED",
        "subject": subject,
        "reason": "not allowed",
        "entity": "EMAIL_ADDRESS",
        "level": Level.CONFIDENTIAL,
        "rows": 10,
        "of": 100,
    }
    return Finding(**{**said, **changes})


def failed(*findings: Finding) -> Verdict:
    return verdict(outcome=Outcome.FAIL, findings=findings or (finding(),))


def asking(**changes: Any) -> Any:
    rule = DatasetRule(match="**/features/**", stage="features", authors=("ann",))
    return policy(**{"approvers": ("bob", "alice"), "datasets": (rule,), **changes})


def said(**changes: Any) -> Said:
    given: dict[str, Any] = {
        "options": ("Approve",), "by": ("bob",), "at": NOW, "justification": "a pilot", "until": "5"
    }  # fmt: skip
    return Said(**{**given, **changes})


def entry(one: Record) -> Entry:
    return Entry(record=one, sequence=1, previous="", hash="", key_id="", signature="")


def question(*findings: Finding) -> Verdict:
    answer = Answer(reply=Reply.ASKED, stopped="0" * 32, requested_by=("alice",), approvers=("bob",))
    return failed(*findings).model_copy(update={"gate": Gate.APPROVAL, "answer": answer})


def grant(*, by: str = "bob", until: date = TODAY + timedelta(days=5), **changes: Any) -> Entry:
    asked = question(finding())
    waivers = waivers_of("ab" * 16, asked, by=by, reason="a pilot", until=until)
    answer = Answer(
        reply=changes.pop("reply", Reply.GRANTED),
        stopped="0" * 32,
        requested_by=changes.pop("requested_by", ("alice",)),
        answered_by=changes.pop("answered_by", by),
        waivers=waivers,
    )
    environment, time = changes.pop("environment", "prod"), changes.pop("time", NOW)
    gate = changes.pop("gate", Gate.APPROVAL)
    return entry(record(time, environment, gate=gate, outcome=Outcome.FAIL, answer=answer, **changes))


def standing(*entries: Entry, **changes: Any) -> list[str]:
    kept = granted(
        entries, identity=DATASET, environment="prod", asked="", policy=asking(**changes), entities=ENTITIES
    )  # fmt: skip
    return [waiver.id for waiver in kept]


def test_who_triggered_the_run_may_not_approve_it_and_others_may() -> None:
    bounds = bounds_of(asking(), DATASET, "Alice ", NOW)
    assert (bounds.approvers, bounds.requesters) == (("bob",), ("Alice ",))
    assert bounds.until == TODAY + timedelta(days=30)
    assert bounds.deadline == NOW + timedelta(hours=24)


@pytest.mark.parametrize(
    ("triggered", "answers"),
    [
        ("ann", ("id:7", "7", "ann")),
        ("ANN", ("id:7", "7", "ann")),
        (" ann ", ("ann",)),
        ("ann@example.org", ("id:7", "7", "ann")),
        ("ann", ("id:7", "7", "Ann@Example.org")),
        ("\uff41\uff4e\uff4e", ("ann",)),
        ("jose\u0301", ("id:7", "7", "jos\xe9")),
        ("STRASSE", ("stra\xdfe",)),
        ("7", ("id:9", "9", "7")),
        ("id:7", ("id:7", "7", "ann")),
    ],
)
def test_nobody_approves_their_own_run_under_another_spelling(triggered: str, answers: tuple[str, ...]) -> None:
    everybody = asking(approvers=("bob", *answers))
    bounds = bounds_of(everybody, DATASET, triggered, NOW)
    assert approver_of(said(by=answers), bounds) is None
    assert "may not answer" in refusal(said(by=answers), bounds, TODAY)
    assert approver_of(said(), bounds) == "bob"


@pytest.mark.parametrize("other", ["anna", "ann@example.com", "an", "id:77"])
def test_another_person_with_a_name_like_it_may_answer(other: str) -> None:
    bounds = bounds_of(asking(approvers=(other,)), DATASET, "ann@example.org", NOW)
    assert approver_of(said(by=("id:8", "8", other)), bounds) == other


def test_an_approval_that_names_one_person_twice_counts_for_nothing() -> None:
    assert standing(grant()) != []
    assert standing(grant(requested_by=("BOB@example.org",))) == []
    assert standing(grant(answered_by="alice@example.org")) == []


def test_authors_ask_for_scheduled_runs_alone() -> None:
    assert bounds_of(asking(approvers=("ann", "bob")), DATASET, "", NOW).approvers == ("bob",)
    assert bounds_of(asking(approvers=("ann", "bob")), DATASET, "zoe", NOW).approvers == ("ann", "bob")


def test_approvers_of_the_dataset_are_instead_of_the_policys() -> None:
    own = DatasetRule(match="**/features/**", stage="features", approvers=("dora",))
    assert bounds_of(asking(datasets=(own,)), DATASET, "zoe", NOW).approvers == ("dora",)


def test_who_asked_once_does_not_become_an_approver_meanwhile() -> None:
    assert bounds_of(asking(), DATASET, "zoe", NOW, asked_by=("bob",)).approvers == ("alice",)


@pytest.mark.parametrize(
    ("verdict", "changes", "why"),
    [
        (failed(), {}, ""),
        (failed(finding(entity=None, code="ENV_MISMATCH")), {}, ""),
        (verdict(outcome=Outcome.UNKNOWN, findings=(finding(status=Status.UNKNOWN),)), {}, "only what failed"),
        (failed(finding(), finding("b", status=Status.UNKNOWN)), {}, "could not be told"),
        (failed(finding(entity="AWS_ACCESS_KEY")), {}, "lets nobody approve AWS_ACCESS_KEY"),
        (failed(finding(entity="GONE")), {}, "lets nobody approve GONE"),
        (failed(finding(), finding(entity="AWS_ACCESS_KEY")), {}, "lets nobody approve"),
        (failed(), {"datasets": ()}, "lets nobody approve"),
        (failed(finding(" ")), {}, "more than one thing"),
        (failed(finding(code="ACCESS_RULE_ERROR", entity=None)), {}, "more than one thing"),
        (failed(finding(code="RESIDUE", entity=None)), {}, "more than one thing"),
        (failed(finding(code="RESIDUE")), {}, ""),
        (failed(finding(), finding(rows=3)), {}, "one approval would cover all"),
        (failed(), {"approvers": ()}, "names no approvers"),
        (failed(), {"approvers": ("zoe",)}, "one of those who ask"),
    ],
)
def test_nobody_is_asked_about_what_nobody_may_approve(verdict: Verdict, changes: dict[str, Any], why: str) -> None:
    said = asking(**changes)
    told = why_not_asked(verdict, bounds_of(said, DATASET, "zoe", NOW), said, ENTITIES)
    assert why in told
    assert bool(why) == bool(told)


def test_nobody_is_asked_where_nobody_knows_who_asks() -> None:
    nobody = DatasetRule(match="**/features/**", stage="features")
    said = asking(datasets=(nobody,))
    assert "names no authors" in why_not_asked(failed(), bounds_of(said, DATASET, "", NOW), said, ENTITIES)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"by": ("7", "robert")}, ""),
        ({"options": ("Deny",), "justification": "", "until": ""}, ""),
        ({"until": (TODAY + timedelta(days=30)).isoformat()}, ""),
        ({"until": TODAY.isoformat()}, ""),
        ({"by": ()}, "nobody may not answer"),
        ({"by": ("mallory",)}, "mallory may not answer"),
        ({"by": ("Bob",)}, "Bob may not answer"),
        ({"by": ("bob", "alice")}, "may not answer"),
        ({"by": ("mallory",), "options": ("Deny",)}, "may not answer"),
        ({"options": ("Approve", "Deny")}, "neither"),
        ({"options": ()}, "neither"),
        ({"justification": " "}, "is empty"),
        ({"justification": "x" * 1_001}, "no line"),
        ({"justification": "a \u202e b"}, "no line"),
        ({"until": ""}, "neither a day"),
        ({"until": "-1"}, "neither a day"),
        ({"until": "99999"}, "neither a day"),
        ({"until": "31"}, "later than"),
        ({"until": "2020-01-01"}, "in the past"),
    ],
)
def test_an_answer_counts_only_within_the_bounds(changes: dict[str, Any], why: str) -> None:
    told = refusal(said(**changes), BOUNDS, TODAY)
    assert why in told
    assert bool(why) == bool(told)


def test_a_denial_is_told_in_a_line_too_or_not_at_all() -> None:
    denial = said(options=("Deny",), until="", justification="")
    assert refusal(denial, BOUNDS, TODAY) == ""
    for text in ("no\nPASS  s3://ml-prod/features", "n" * 1_001):
        assert "no line of at most" in refusal(denial.model_copy(update={"justification": text}), BOUNDS, TODAY)


def test_an_approver_is_known_by_id_or_name() -> None:
    assert approver_of(said(by=("7", "robert")), BOUNDS) == "7"
    assert approver_of(said(by=("12", "bob")), BOUNDS) == "bob"


@pytest.mark.parametrize(
    ("text", "day"),
    [("0", TODAY), ("7", TODAY + timedelta(days=7)), ("2026-12-24", date(2026, 12, 24)),
     ("2026-12-24T00:00:00Z", date(2026, 12, 24)), ("2026-12-240", None), ("next week", None), ("\u0667", None), ("2026-13-01", None)],
)  # fmt: skip
def test_a_day_is_a_date_or_a_number_of_days(text: str, day: date | None) -> None:
    assert day_of(text, TODAY) == day


def test_a_grant_covers_what_was_asked_about_up_to_twice_its_share() -> None:
    asked = question(finding(), finding("id", rows=80), finding("place", code="ENV_MISMATCH", rows=None, of=None))
    granted = waivers_of("ab" * 16, asked, by="bob", reason="a pilot", until=TODAY)
    assert [waiver.max_share for waiver in granted] == [0.2, 1.0, None]
    assert [waiver.id for waiver in granted] == ["abababababab-1", "abababababab-2", "abababababab-3"]


def test_a_grant_stands_while_the_policy_would_give_it_again() -> None:
    assert standing(grant()) == ["abababababab-1"]
    assert standing(grant(), approvers=("carol",)) == []
    assert standing(grant(), datasets=()) == []
    never = {"features": StageRule(up_to=Level.INTERNAL, never=("EMAIL_ADDRESS",))}
    assert standing(grant(), stages=never) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"reply": Reply.ASKED}, {"reply": Reply.DENIED}, {"reply": Reply.REFUSED}, {"reply": Reply.TIMED_OUT},
        {"gate": Gate.CLASSIFY}, {"environment": "dev"}, {"dataset": "file:///lake/features/other"},
        {"enforced": False}, {"requested_by": ("bob",)}, {"requested_by": ("BOB",)},
        {"requested_by": ("robert",), "answered_by": "robert"},
    ],
)  # fmt: skip
def test_what_is_no_grant_of_this_dataset_grants_nothing(changes: dict[str, Any]) -> None:
    assert standing(grant(**changes)) == []


@pytest.mark.parametrize(("asks", "kept"), [("read for churn", 1), ("train for churn", 0), ("", 1)])
def test_leave_for_one_purpose_is_no_leave_for_another(asks: str, kept: int) -> None:
    given = granted(
        [grant(asked="read for churn")], identity=DATASET, environment="prod", asked=asks, policy=asking(),
        entities=ENTITIES,
    )  # fmt: skip
    assert len(given) == kept


def test_a_grant_ends_where_the_policy_of_today_would_end_it() -> None:
    far = grant(until=TODAY + timedelta(days=29))
    (waiver,) = granted(
        [far], identity=DATASET, environment="prod", asked="", policy=asking(approval_days=3), entities=ENTITIES
    )  # fmt: skip
    assert waiver.until == TODAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("found", "day", "waived", "ended"),
    [
        (finding(), TODAY, True, False),
        (finding(rows=20), TODAY, True, False),
        (finding(rows=21), TODAY, False, True),
        (finding(), TODAY + timedelta(days=6), False, True),
        (finding("other"), TODAY, False, False),
        (finding(code="ENTITY_NEW"), TODAY, False, False),
        (finding(entity="US_SSN"), TODAY, False, False),
        (finding(status=Status.UNKNOWN), TODAY, False, False),
    ],
)
def test_it_covers_that_finding_until_its_day_or_twice_the_share(
    found: Finding, day: date, waived: bool, ended: bool
) -> None:
    kept = granted([grant()], identity=DATASET, environment="prod", asked="", policy=asking(), entities=ENTITIES)
    (judged,) = apply_waivers([found], identity=DATASET, policy=asking(), today=day, granted=kept)
    assert (judged.waiver is not None, judged.ended is not None) == (waived, ended)
    assert judged.blocks is not waived


def test_what_nobody_could_count_covers_nothing_that_is_counted() -> None:
    uncounted = question(finding(rows=None, of=None))
    given = waivers_of("ab" * 16, uncounted, by="bob", reason="a pilot", until=TODAY)
    for found, covered in ((finding(rows=None, of=None), True), (finding(rows=100), False), (finding(rows=1), False)):
        (judged,) = apply_waivers([found], identity=DATASET, policy=asking(), today=TODAY, granted=given)
        assert judged.blocks is not covered


def test_of_two_findings_of_one_name_a_grant_covers_neither() -> None:
    kept = granted([grant()], identity=DATASET, environment="prod", asked="", policy=asking(), entities=ENTITIES)
    both = apply_waivers([finding(), finding(rows=1)], identity=DATASET, policy=asking(), today=TODAY, granted=kept)
    assert [one.waiver for one in both] == [None, None]


def test_what_was_asked_before_is_asked_again_only_if_it_is_all_that_stops() -> None:
    asked = failed(finding(), finding("b"))
    assert again(asked, failed(finding(rows=20))) == (finding(),)
    assert again(asked, failed(finding(rows=21))) is None
    placed = finding("place", code="ENV_MISMATCH", rows=None, of=None)
    assert again(failed(placed), failed(placed)) == (placed,)
    assert again(asked, failed(finding(), finding("c"))) is None
