"""What a dataset is tied to: the parents it came from, the waivers that speak of it, the tasks that used it: pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from airflow_mlsecops.core.answer import Reply
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.policy import Policy, matches
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.waiver import Waiver
from airflow_mlsecops.ledger.traces import Consumed
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.dataset_columns import ColumnLine
from airflow_mlsecops.web.sentences import Titles
from airflow_mlsecops.web.traced import Traces

MOST_TIES = 100


class Parent(Frozen):
    """A column of another dataset whose values stand here, or a dataset that this one was made from.

    :param column: the parent's; empty where the whole dataset was read
    :param here: the column here
    :param share: of the values compared, how many also stand there, 0 to 1
    """

    parent: str
    column: str
    here: str
    share: float | None
    how: str


class WaiverLine(Frozen):
    """An accepted finding.

    :param source: where it is written: the policy's line, or the record that granted it
    :param uses: how many runs passed by it; ``None`` if that is not known
    :param ended: true if it counts no more
    """

    id: str
    code: str
    subject: str
    entity: str
    title: str
    reason: str
    until: str
    ended: bool
    approved_by: str
    requested_by: str
    max_share: float | None
    source: str
    uses: int | None
    last_use: str


class Use(Frozen):
    """A sealed task that used the dataset.

    :param runs: in how many runs it was let through; ``stopped``: in how many it was not
    :param makes: what it makes of it, where known: URIs
    """

    dag_id: str
    task_id: str
    first: str
    last: str
    runs: int
    stopped: int
    makes: tuple[str, ...]


def parents_of(columns: Iterable[ColumnLine], entries: Iterable[Entry]) -> tuple[Parent, ...]:
    """Where it came from, the largest share first; then what sanitizing gates made it from."""
    traced = [
        Parent(parent=c.parent, column=c.parent_column, here=c.column, share=c.parent_share, how="values compared")
        for c in columns
        if c.parent
    ]
    made = dict.fromkeys(
        entry.record.verdict.asked.removeprefix("from ")
        for entry in entries
        if entry.record.verdict.gate is Gate.SANITIZE and entry.record.verdict.asked
    )
    traced.sort(key=lambda one: (-(one.share or 0), one.parent, one.here))
    sanitized = [Parent(parent=one, column="", here="", share=None, how="made harmless from it") for one in made]
    return tuple((*traced, *sanitized)[:MOST_TIES])


def waivers_of(
    identity: str, policy: Policy | None, traces: Traces, *, titles: Titles, today: date
) -> tuple[WaiverLine, ...]:
    """The policy's waivers that match the dataset and those that people granted, those in force first."""
    written = _written(policy, identity) if policy else []
    lines = [_waiver(*pair, traces, titles, today) for pair in (*written, *_granted(traces.answers))]
    return tuple(sorted(lines, key=lambda one: (one.ended, one.until, one.id))[:MOST_TIES])


def _written(policy: Policy, identity: str) -> list[tuple[Waiver, str]]:
    return [
        (waiver, policy.where(f"waivers.{place}"))
        for place, waiver in enumerate(policy.waivers)
        if matches(waiver.dataset, identity)
    ]


def _granted(answers: Iterable[Entry]) -> list[tuple[Waiver, str]]:
    return [
        (waiver, f"record {entry.record.id[:12]}")
        for entry in answers
        if (answer := entry.record.verdict.answer) is not None and answer.reply is Reply.GRANTED
        for waiver in answer.waivers
    ]


def _waiver(waiver: Waiver, source: str, traces: Traces, titles: Titles, today: date) -> WaiverLine:
    uses = [use for use in traces.uses if use.waiver == waiver.id]
    return WaiverLine(
        id=waiver.id,
        code=waiver.code,
        subject=waiver.subject,
        entity=waiver.entity or "",
        title=sentences.title(waiver.entity, titles) if waiver.entity else "",
        reason=waiver.reason,
        until=waiver.until.isoformat(),
        ended=waiver.until < today,
        approved_by=waiver.approved_by,
        requested_by=waiver.requested_by,
        max_share=waiver.max_share,
        source=source,
        uses=sum(use.runs for use in uses) if traces.current else None,
        last_use=max((use.last for use in uses), default=""),
    )


def uses_of(consumed: Iterable[Consumed]) -> tuple[Use, ...]:
    """The sealed tasks that used it, the newest use first."""
    uses = [
        Use(
            dag_id=one.dag_id,
            task_id=one.task_id,
            first=one.first,
            last=one.last,
            runs=one.runs,
            stopped=one.stopped,
            makes=one.makes,
        )
        for one in consumed
    ]
    return tuple(sorted(uses, key=lambda use: (use.last, use.dag_id, use.task_id), reverse=True)[:MOST_TIES])
