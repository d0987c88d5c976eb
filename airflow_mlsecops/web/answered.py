"""What people were asked about a gate's findings, and what they answered, as a sentence."""

from __future__ import annotations

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.web.line import Line, Span, line, name, prose

_SAID = {
    Reply.GRANTED: "Approved",
    Reply.DENIED: "Denied",
    Reply.REFUSED: "Refused an answer",
    Reply.TIMED_OUT: "Counts as denied",
}


def answered(record: Record) -> Line:
    """Tell one question or answer: who, until when, and why."""
    answer = record.verdict.answer
    if answer is None:
        return line("The record holds no answer.")
    at = f"{record.time:%Y-%m-%d %H:%M}: "
    if answer.reply is Reply.ASKED:
        return line(at, "Asked ", *_people(answer.approvers), _deadline(answer))
    by: tuple[Span | str, ...] = (" by ", name(answer.answered_by)) if answer.answered_by else ()
    until = f" until {answer.until}" if answer.reply is Reply.GRANTED else ""
    why = prose(f", because: {answer.reason}") if answer.reason else ()
    return line(at, _SAID[answer.reply], *by, until, *why)


def _people(names: tuple[str, ...]) -> tuple[Span | str, ...]:
    return tuple(piece for one in names for piece in (", ", name(one)))[1:] or ("nobody",)


def _deadline(answer: Answer) -> str:
    return f" to approve it by {answer.deadline:%Y-%m-%d %H:%M} UTC." if answer.deadline else " to approve it."
