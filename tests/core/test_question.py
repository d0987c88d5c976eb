"""What an approver reads: everything that was found, in Markdown that hostile names cannot break out of."""

from __future__ import annotations

import re
from typing import Any

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.finding import Finding, Origin, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.question import code, plain, question
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Gate, Outcome
from tests.core.make import NOW, record

HOSTILE = ["a|b", "`code`", "<img src=x onerror=alert(1)>", "two\nlines", "\u202etxt.exe", "[x](http://evil)", "*" * 9]


def asked(subject: str = "hint", **changes: Any) -> Record:
    found = Finding(
        status=Status.FAIL,
        code="ENTITY_FROM_PARENT",
        subject=subject,
        reason=changes.pop("reason", "not allowed in stage features"),
        entity="EMAIL_ADDRESS",
        level=Level.CONFIDENTIAL,
        rows=1_031,
        of=1_048_576,
        origin=Origin(parent=changes.pop("parent", "crm"), column=subject, share=0.97, compared=100),
        remedy="leave out email of crm",
        rule="policy.yaml:14",
    )
    answer = Answer(
        reply=Reply.ASKED, stopped="1" * 32, requested_by=("alice",), approvers=("bob", "carol"), until=NOW.date(),
        deadline=NOW,
    )  # fmt: skip
    return record(gate=Gate.APPROVAL, outcome=Outcome.FAIL, findings=(found,), answer=answer, **changes)


def test_it_says_what_where_how_much_and_what_an_answer_needs() -> None:
    said = question(asked(), {"EMAIL_ADDRESS": "e-mail address"})
    assert said.subject == "Approve 1 finding in file:///lake/features/churn?"
    assert said.options == ("Approve", "Deny")
    for words in (
        "| `hint` | e\\-mail address `EMAIL_ADDRESS`, confidential | 1,031 of 1,048,576 | 0.098 % | `crm` column `hint`",
        "(`policy.yaml:14`)",
        "- leave out email of crm",
        "twice its share",
        "May answer: `bob`, `carol`. May not: `alice`, who asked.",
        "`until`: 2026-11-23 at the latest",
        "Without an answer by 2026-11-23 06:00 UTC, it is denied.",
        "**Security** tab of the run. Record `11111111111111111111111111111111`.",
    ):
        assert words in said.body


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_in_their_cell(name: str) -> None:
    quiet = question(asked(), {})
    said = question(asked(name, reason=f"it is in {name}", parent=name), {"EMAIL_ADDRESS": name})
    assert len(said.body.splitlines()) == len(quiet.body.splitlines())
    (row,) = [line for line in said.body.splitlines() if "EMAIL_ADDRESS" in line]
    assert len(re.findall(r"(?<!\\)\|", row)) == 7
    outside = re.sub(r"`[^`]*`", "", row)
    assert not re.search(r"(?<!\\)[<\[*]|p://|\u202e", outside)


def test_names_of_any_length_are_cut() -> None:
    assert len(question(asked("x" * 10_000), {}).body) < 4_000
    assert len(question(asked(dataset="s3://b/" + "y" * 10_000), {}).subject) < 250


def test_what_is_shown_depends_on_the_record_alone() -> None:
    assert question(asked(), {}) == question(Record.model_validate_json(asked().model_dump_json()), {})


def test_a_name_of_nothing_is_drawn() -> None:
    assert code(" ") == "–"
    assert plain("see www.evil.example or a@b.c") == "see www .evil.example or a @ b.c"
