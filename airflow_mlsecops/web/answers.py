"""What people were asked about a task and answered, with what still waits: pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.web.answered import answered
from airflow_mlsecops.web.line import Line, Span, line, name

_MOST_NAMES = 5
_MARKS: dict[Reply, Literal["unknown", "pass", "fail"]] = {
    Reply.ASKED: "unknown",
    Reply.GRANTED: "pass",
    Reply.DENIED: "fail",
    Reply.REFUSED: "fail",
    Reply.TIMED_OUT: "fail",
}


class Answered(Frozen):
    """One question or answer.

    :param mark: its icon: of a question a question mark, else how it went
    :param record: id of its record, for Verify
    """

    mark: Literal["unknown", "pass", "fail"]
    said: Line
    record: str


class Answers(Frozen):
    """Everything that was asked and answered, in its order.

    :param waiting: what to say while nobody has answered; empty where nothing waits
    """

    said: tuple[Answered, ...] = ()
    waiting: Line = ()


def answers_of(entries: Sequence[Entry], now: datetime) -> Answers:
    """Tell the questions and answers among a task's records."""
    asked = sorted((entry for entry in entries if entry.record.verdict.gate is Gate.APPROVAL), key=lambda e: e.sequence)
    newest = max(entries, key=lambda entry: entry.sequence, default=None) if asked else None
    pending = newest is not None and newest is asked[-1]
    return Answers(
        said=tuple(_answered(entry) for entry in asked),
        waiting=_waiting(asked[-1].record.verdict.answer, now) if pending else (),
    )


def _answered(entry: Entry) -> Answered:
    answer = entry.record.verdict.answer
    return Answered(
        mark=_MARKS[answer.reply] if answer else "unknown", said=answered(entry.record), record=entry.record.id
    )


def _waiting(answer: Answer | None, now: datetime) -> Line:
    """What to say of a question that nobody has answered."""
    if answer is None or answer.reply is not Reply.ASKED:
        return ()
    return line("Waits for an answer of ", *_names(answer.approvers), ".", _until(answer.deadline, now))


def _until(deadline: datetime | None, now: datetime) -> str:
    if deadline is None:
        return ""
    if deadline < now:
        return " Its time is over: it counts as denied."
    return f" Without one by {deadline:%Y-%m-%d %H:%M} UTC, it counts as denied."


def _names(people: tuple[str, ...]) -> list[Span | str]:
    if not people:
        return ["nobody that the policy names"]
    pieces: list[Span | str] = []
    for index, person in enumerate(people[:_MOST_NAMES]):
        pieces += [", "] if index else []
        pieces.append(name(person, stressed=True))
    rest = len(people) - _MOST_NAMES
    return [*pieces, f" and {rest:,} more"] if rest > 0 else pieces
