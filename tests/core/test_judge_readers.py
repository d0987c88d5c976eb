"""Who can read a dataset, judged by whom the policy lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from airflow_mlsecops.core.environment import Environment, NotObservable
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.grant import Allowed, Grant, Kind, Readers
from airflow_mlsecops.core.judge_readers import MOST, judge_readers, not_asked
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import DatasetRule
from airflow_mlsecops.core.unseen import NotObserved
from airflow_mlsecops.core.verdict import Outcome, outcome_of
from airflow_mlsecops.core.words import commands
from tests.core.make import DATASET, policy

TODAY = date(2026, 11, 23)
TRAIN = Grant(principal="train", kind=Kind.APPLICATION, how=("SELECT on TABLE ml.customers, granted to train by dba",))
BOB = Grant(
    principal="bob", kind=Kind.PERSON, how=("member of analysts", "SELECT on TABLE ml.customers"),
    undo="REVOKE analysts FROM bob", since="2026-01-02",
)  # fmt: skip
MAYBE = Grant(principal="eve", kind=Kind.UNTOLD, sure=False, how=("a condition that nobody can decide",))
ALLOWED = Allowed(readers=("train", "score_*"))


def judged(*grants: Grant, allowed: Allowed = ALLOWED, **said: Any) -> tuple[Finding, ...]:
    commands_, hidden = said.pop("commands", ()), said.pop("hidden", ())
    found = said.pop("found", Readers(grants=grants, hidden=hidden, commands=commands_))
    return judge_readers(found, allowed, dataset=DATASET, today=TODAY, **said)


TABLE: list[tuple[str, tuple[Finding, ...], Outcome, tuple[str, ...]]] = [
    ("all are listed", judged(TRAIN), Outcome.PASS, ("READERS",)),
    ("listed by a glob", judged(TRAIN, TRAIN.model_copy(update={"principal": "score_b"})), Outcome.PASS, ("READERS",)),
    ("a person", judged(TRAIN, BOB), Outcome.FAIL, ("READER_NOT_ALLOWED",)),
    ("the beginning of a listed name", judged(TRAIN.model_copy(update={"principal": "trai"})), Outcome.FAIL,
     ("READER_NOT_ALLOWED",)),
    ("somebody who may", judged(TRAIN, MAYBE), Outcome.UNKNOWN, ("READER_POSSIBLE",)),
    ("one way may be, another is sure", judged(BOB.model_copy(update={"sure": False}), BOB), Outcome.FAIL,
     ("READER_NOT_ALLOWED",)),
    ("a listed one who may", judged(TRAIN.model_copy(update={"sure": False})), Outcome.PASS, ("READERS",)),
    ("nobody, not even the task", judged(), Outcome.UNKNOWN, ("READERS_NOT_SEEN",)),
    ("something was hidden", judged(TRAIN, hidden=("permission s3:GetBucketPolicy is missing",)), Outcome.UNKNOWN,
     ("READERS", "READERS_NOT_SEEN")),
    ("a stranger, and something hidden", judged(BOB, hidden=("x",)), Outcome.FAIL,
     ("READER_NOT_ALLOWED", "READERS_NOT_SEEN")),
    ("nobody looked", judged(found=NotObserved(why="the database did not answer")), Outcome.UNKNOWN,
     ("READERS_NOT_SEEN",)),
    ("the policy lists nobody", judged(TRAIN, allowed=Allowed()), Outcome.UNKNOWN, ("READERS_NOT_DECLARED",)),
    ("a line that lists nobody", judged(TRAIN, allowed=Allowed(readers=("",))), Outcome.UNKNOWN, ("READERS_NOT_DECLARED",)),
    ("nobody listed, nobody looked", judged(found=NotObserved(), allowed=Allowed()), Outcome.UNKNOWN,
     ("READERS_NOT_DECLARED",)),
]  # fmt: skip


@pytest.mark.parametrize(("findings", "outcome", "codes"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_judgement(findings: tuple[Finding, ...], outcome: Outcome, codes: tuple[str, ...]) -> None:
    assert outcome_of(findings) is outcome
    assert tuple(one.code for one in findings if one.required) == codes


def test_a_stranger_is_told_with_its_way_and_what_ends_it() -> None:
    _, stranger = judged(TRAIN, BOB, BOB.model_copy(update={"how": ("owner of x",), "undo": ""}), rule="policy.yaml:7")
    assert stranger.subject == "bob"
    assert stranger.reason == (
        "a person can read it: member of analysts, SELECT on TABLE ml.customers, since 2026-01-02; and in 1 other way"
    )
    assert stranger.commands == ("REVOKE analysts FROM bob",)
    assert stranger.rule == "policy.yaml:7"


def test_what_ends_all_ways_is_told_in_its_order_and_blocks_nothing_by_itself() -> None:
    summary, *_ = judged(TRAIN, BOB, commands=("GRANT a TO train", "REVOKE b FROM bob"))
    assert (summary.code, summary.status, summary.required) == ("READERS", Status.FAIL, False)
    assert summary.commands == ("GRANT a TO train", "REVOKE b FROM bob")
    assert "does not list 1 of them" in summary.reason


def test_who_is_not_told_by_name_cannot_be_waived_by_name() -> None:
    crowd = [BOB.model_copy(update={"principal": f"bob{number:04}"}) for number in range(MOST + 1)]
    summary, *told = judged(*crowd)
    assert summary.required
    assert len(told) == MOST


def test_the_surest_are_told_first() -> None:
    crowd = [MAYBE.model_copy(update={"principal": f"a{number:04}"}) for number in range(MOST)]
    _, first, *_ = judged(*crowd, BOB)
    assert first.subject == "bob"


def test_one_who_surely_reads_among_some_who_may_fails_the_whole_even_where_not_each_is_told() -> None:
    crowd = [MAYBE.model_copy(update={"principal": f"a{number:04}"}) for number in range(MOST)]
    assert judged(BOB, *crowd)[0].status is Status.FAIL
    assert judged(MAYBE, *crowd)[0].status is Status.UNKNOWN


def test_a_gap_is_accepted_in_writing_and_until_a_date() -> None:
    gap = NotObservable(check="READERS_NOT_SEEN", reason="no right to see them", until=TODAY)
    findings = judged(TRAIN, hidden=("x",), gaps=(gap,))
    assert outcome_of(findings) is Outcome.PASS
    ended = judged(TRAIN, hidden=("x",), gaps=(gap.model_copy(update={"until": TODAY - timedelta(days=1)}),))
    assert outcome_of(ended) is Outcome.UNKNOWN
    assert "only until" in ended[-1].reason


def test_no_gap_accepts_a_sure_stranger_or_a_policy_that_lists_nobody() -> None:
    gaps = [
        NotObservable(check=code, reason="x", until=TODAY) for code in ("READER_NOT_ALLOWED", "READERS_NOT_DECLARED")
    ]
    assert outcome_of(judged(BOB, gaps=gaps)) is Outcome.FAIL
    assert outcome_of(judged(TRAIN, allowed=Allowed(), gaps=gaps)) is Outcome.UNKNOWN


def test_what_is_not_asked_is_said_and_proves_nothing() -> None:
    said = not_asked(DATASET, Level.INTERNAL, Level.RESTRICTED, "policy.yaml:4")
    assert outcome_of((said,)) is Outcome.UNKNOWN
    assert "holds internal data, and the policy asks from restricted on" in said.reason


def test_a_command_is_never_shown_in_part() -> None:
    long = Finding(
        status=Status.FAIL, code="READERS", subject="x", reason="x", commands=("put " + "x" * 3000, "a\nb", *"c" * 60)
    )
    shown = list(commands(long))
    assert shown[:2] == ["(a command of 3,004 characters)", "a<U+000A>b"]
    assert shown[-1] == "(and 12 more)"


def test_a_dataset_s_own_line_names_its_readers_and_its_environment_the_others() -> None:
    said = policy(
        datasets=(
            DatasetRule(match="file:///a", stage="features", readers=("user:a",)),
            DatasetRule(match="file:///b", stage="features", environment="other"),
        ),
        environments={
            "prod": Environment(readers=("user:prod",), people=("user:ann",)),
            "other": Environment(readers=("user:other",)),
        },
    )
    assert said.allowed("file:///a", "prod") == Allowed(readers=("user:a",), people=("user:ann",))
    assert said.allowed("file:///b", "prod").readers == ("user:other",)
    assert said.allowed("file:///c", "prod").readers == ("user:prod",)
    assert said.allowed("file:///c", "nowhere").readers == ()
