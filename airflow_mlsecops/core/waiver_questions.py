"""What people were asked to accept: what waits for an answer, and what was not granted lately."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.standing_waiver import StandingWaiver, State

RECENT_DAYS = 14
"""For how long it is told that nobody granted something."""


def questions(entries: Iterable[Entry], newest: Collection[int], now: datetime) -> tuple[StandingWaiver, ...]:
    """What waits for an answer, and what was not granted lately.

    :param entries: what was asked and answered, newest first
    :param newest: sequences of those that are the newest record of their task in its run: no gate has spoken since
    """
    last: dict[tuple[str, str, str, int], Entry] = {}
    for entry in entries:
        last.setdefault(task_key(entry), entry)
    return tuple(told for entry in last.values() for told in _question(entry, entry.sequence in newest, now))


def task_key(entry: Entry) -> tuple[str, str, str, int]:
    """Which task instance a record is of."""
    run = entry.record.run
    return run.dag_id, run.run_id, run.task_id, run.map_index


def _question(entry: Entry, newest: bool, now: datetime) -> Iterator[StandingWaiver]:
    answer = entry.record.verdict.answer
    state = _asked(entry, answer, newest, now) if answer else None
    if answer is None or state is None:
        return
    findings = [one for one in entry.record.verdict.findings if one.status is Status.FAIL and not one.waiver]
    first = next(iter(findings), None) or next(iter(entry.record.verdict.findings), None)
    if first is not None:
        yield _told(entry, answer, first, len(findings) - 1, state)


def _asked(entry: Entry, answer: Answer, newest: bool, now: datetime) -> State | None:
    """What came of a question: nothing that needs telling where it was granted, or a gate has spoken since."""
    waits = answer.reply is Reply.ASKED
    over = answer.deadline is not None and answer.deadline <= now
    if waits and newest and not over:
        return State.PENDING
    if answer.reply is Reply.GRANTED or (waits and not newest and not over):
        return None
    if (answer.deadline or entry.record.time).astimezone(UTC) < now - timedelta(days=RECENT_DAYS):
        return None
    return State.DENIED if answer.reply is Reply.DENIED else State.TIMED_OUT


def _told(entry: Entry, answer: Answer, finding: Finding, more: int, state: State) -> StandingWaiver:
    record = entry.record
    decides = (answer.answered_by,) if state is State.DENIED and answer.answered_by else answer.approvers
    return StandingWaiver(
        state=state,
        id=record.id,
        code=finding.code,
        subject=finding.subject,
        entity=finding.entity,
        dataset=record.verdict.dataset,
        datasets=1,
        environment=record.environment,
        more=max(0, more),
        requested_by=", ".join(answer.requested_by),
        approved_by=", ".join(decides),
        record=record.id,
        reason=answer.reason or finding.reason,
        until=answer.until,
        share=finding.share,
        dags=(record.run.dag_id,),
        asked=record.time,
        deadline=answer.deadline,
        run=record.run,
    )
