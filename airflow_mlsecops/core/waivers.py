"""How waivers stand: those that the policy has, those that people granted, and what somebody asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.approval import granted
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.record import Entry, Run
from airflow_mlsecops.core.waiver import ENDING_DAYS, Waiver

UNUSED_DAYS = 30
RECENT_DAYS = 14
"""For how long it is told that nobody granted something."""


class State(StrEnum):
    """How a waiver stands, what needs somebody first."""

    PENDING = "pending"
    STILL_FOUND = "still-found"
    VOID = "void"
    ENDING = "ending"
    ACTIVE = "active"
    UNUSED = "unused"
    ENDED = "ended"
    DENIED = "denied"
    TIMED_OUT = "timed-out"


Holds = Callable[[Entry], Iterable[Waiver]]
"""What of an answer today's policy would still allow, and until when."""


class Use(Protocol):
    """One waiver as the gates of one Dag applied it to one dataset, or found it ended."""

    waiver: str
    dataset: str
    environment: str
    dag_id: str
    code: str
    subject: str
    entity: str
    runs: int
    ended_runs: int
    last: str
    last_sequence: int
    rows: int | None
    of: int | None


class StandingWaiver(Frozen):
    """One waiver, or one question for one, with what gates made of it.

    :param id: what verdicts name it by; of a question, the id of its record
    :param dataset: identity of the one dataset that it was used on or asked for, else the glob that it covers
    :param datasets: on how many it was used
    :param environment: where, if that is one; empty if it was not used
    :param more: how many findings were asked about beside this one
    :param approved_by: who granted it; of a question, who may answer
    :param rule: the policy's line, as ``policy.yaml:140``; empty where a record of the ledger grants it
    :param record: id of that record
    :param reason: why it was approved or not; of a question, what stopped the run
    :param until: the last day on which it holds
    :param share: of the rows, as the newest use counted it, 0 to 1; ``max_share`` is the most that it covers
    :param runs: how many it let through
    :param dags: that used it, or found it ended
    :param asked: when it was asked for, or granted in Airflow
    :param deadline: until when it may be answered
    :param run: whose task asked
    """

    state: State
    id: str
    code: str
    subject: str
    entity: str | None = None
    dataset: str
    datasets: int = 0
    environment: str = ""
    more: int = 0
    requested_by: str = ""
    approved_by: str = ""
    rule: str = ""
    record: str = ""
    reason: str = ""
    until: date | None = None
    share: float | None = None
    max_share: float | None = None
    runs: int = 0
    dags: tuple[str, ...] = ()
    asked: datetime | None = None
    deadline: datetime | None = None
    run: Run | None = None

    @property
    def stops_from(self) -> date | None:
        """The first day on which it covers nothing any more."""
        return self.until + timedelta(days=1) if self.until else None


def holding(policy: Policy, entities: Mapping[str, Entity]) -> Holds:
    """What a policy would still allow of an answer, as the gates ask."""

    def holds(entry: Entry) -> tuple[Waiver, ...]:
        record = entry.record
        return granted(
            [entry],
            identity=record.verdict.dataset,
            environment=record.environment,
            asked=record.verdict.asked,
            policy=policy,
            entities=entities,
        )

    return holds


def policy_waivers(policy: Policy, uses: Iterable[Use], today: date) -> tuple[StandingWaiver, ...]:
    """How the waivers stand that the policy has."""
    of = _by_waiver(uses)
    return tuple(
        _standing(waiver, of.get(waiver.id, ()), today, rule=policy.where(f"waivers.{index}"))
        for index, waiver in enumerate(policy.waivers)
    )


def granted_waivers(
    entries: Iterable[Entry], uses: Iterable[Use], today: date, holds: Holds
) -> Iterator[StandingWaiver]:
    """How the waivers stand that people granted.

    :param entries: what was answered
    """
    of = _by_waiver(uses)
    for entry in entries:
        allowed = {waiver.id: waiver for waiver in holds(entry)} if _granted(entry) else {}
        for waiver in _granted(entry):
            void = waiver.id not in allowed
            stands = _standing(
                allowed.get(waiver.id, waiver), of.get(waiver.id, ()), today, since=entry.record.time.date(), void=void
            )
            yield stands.model_copy(
                update={"record": entry.record.id, "run": entry.record.run, "asked": entry.record.time}
            )


def used_waivers(
    uses: Iterable[Use], applied: Mapping[str, AppliedWaiver], policy: Policy, today: date
) -> Iterator[StandingWaiver]:
    """How waivers stand of which only their uses are known, for they were granted to a Dag that may not be seen.

    :param applied: each as a record of its uses tells it
    """
    of = _by_waiver(uses)
    for name, told in applied.items():
        newest = max(of[name], key=lambda use: use.last_sequence)
        waiver = Waiver(
            id=name,
            dataset=newest.dataset,
            code=newest.code,
            subject=newest.subject,
            entity=newest.entity or None,
            requested_by=told.requested_by or "somebody",
            approved_by=told.approved_by,
            reason=told.reason,
            until=told.until,
        )
        yield _standing(waiver, of[name], today, void=told.approved_by not in policy.approvers_of(newest.dataset))


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


def in_order(found: Iterable[StandingWaiver]) -> tuple[StandingWaiver, ...]:
    """What needs somebody first; of each state, what ends or waits longest first."""
    rank = {state: place for place, state in enumerate(State)}

    def key(one: StandingWaiver) -> tuple[int, str, str, str]:
        day = str(one.asked if one.state is State.PENDING else one.until)
        return rank[one.state], day, one.dataset, one.id

    return tuple(sorted(found, key=key))


def still_found(use: Use, waiver_until: date, max_share: float | None) -> bool:
    """True if the newest record of a use found the waiver ended, by its day or by the share of rows."""
    share = _share(use)
    too_many = max_share is not None and (share is None or share > max_share)
    return use.ended_runs > 0 and (use.last[:10] > waiver_until.isoformat() or too_many)


def _standing(
    waiver: Waiver, uses: Sequence[Use], today: date, *, rule: str = "",
    since: date | None = None, void: bool = False,
) -> StandingWaiver:  # fmt: skip
    newest = max(uses, key=lambda use: use.last_sequence, default=None)
    datasets = {use.dataset for use in uses}
    environments = {use.environment for use in uses}
    return StandingWaiver(
        state=_state(waiver, uses, today, since=since, void=void),
        id=waiver.id,
        code=waiver.code,
        subject=waiver.subject,
        entity=waiver.entity,
        dataset=next(iter(datasets)) if len(datasets) == 1 else waiver.dataset,
        datasets=len(datasets),
        environment=next(iter(environments)) if len(environments) == 1 else "",
        requested_by=waiver.requested_by,
        approved_by=waiver.approved_by,
        rule=rule,
        reason=waiver.reason,
        until=waiver.until,
        share=_share(newest) if newest else None,
        max_share=waiver.max_share,
        runs=sum(use.runs for use in uses),
        dags=tuple(sorted({use.dag_id for use in uses})),
    )


def _state(waiver: Waiver, uses: Sequence[Use], today: date, *, since: date | None, void: bool) -> State:
    if any(still_found(use, waiver.until, waiver.max_share) for use in uses):
        return State.STILL_FOUND
    if waiver.until < today:
        return State.ENDED
    if void:
        return State.VOID
    used = max((use.last[:10] for use in uses), default=since.isoformat() if since else "")
    if used and waiver.until <= today + timedelta(days=ENDING_DAYS):
        return State.ENDING
    return State.ACTIVE if used > (today - timedelta(days=UNUSED_DAYS)).isoformat() else State.UNUSED


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


def _granted(entry: Entry) -> tuple[Waiver, ...]:
    answer = entry.record.verdict.answer
    return answer.waivers if answer and answer.reply is Reply.GRANTED else ()


def _by_waiver(uses: Iterable[Use]) -> Mapping[str, Sequence[Use]]:
    found: dict[str, list[Use]] = {}
    for use in uses:
        found.setdefault(use.waiver, []).append(use)
    return found


def _share(use: Use) -> float | None:
    return None if use.rows is None or not use.of else use.rows / use.of
