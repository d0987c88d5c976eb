"""How waivers stand: those of the policy, those that people granted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from airflow_mlsecops.core.answer import Reply
from airflow_mlsecops.core.approval import granted
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.finding import AppliedWaiver
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.standing_waiver import StandingWaiver, State
from airflow_mlsecops.core.waiver import ENDING_DAYS, Waiver, WaiverUse

UNUSED_DAYS = 30

Holds = Callable[[Entry], Iterable[Waiver]]
"""What of an answer today's policy would still allow, and until when."""


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


def policy_waivers(policy: Policy, uses: Iterable[WaiverUse], today: date) -> tuple[StandingWaiver, ...]:
    """How the waivers stand that the policy has."""
    of = _by_waiver(uses)
    return tuple(
        _standing(waiver, of.get(waiver.id, ()), today, rule=policy.where(f"waivers.{index}"))
        for index, waiver in enumerate(policy.waivers)
    )


def granted_waivers(
    entries: Iterable[Entry], uses: Iterable[WaiverUse], today: date, holds: Holds
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
    uses: Iterable[WaiverUse], applied: Mapping[str, AppliedWaiver], policy: Policy, today: date
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


def still_found(use: WaiverUse, waiver_until: date, max_share: float | None) -> bool:
    """True if the newest record of a use found the waiver ended, by its day or by the share of rows."""
    share = use.share
    too_many = max_share is not None and (share is None or share > max_share)
    return use.ended_runs > 0 and (use.last[:10] > waiver_until.isoformat() or too_many)


def _standing(
    waiver: Waiver, uses: Sequence[WaiverUse], today: date, *, rule: str = "",
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
        share=newest.share if newest else None,
        max_share=waiver.max_share,
        runs=sum(use.runs for use in uses),
        dags=tuple(sorted({use.dag_id for use in uses})),
    )


def _state(waiver: Waiver, uses: Sequence[WaiverUse], today: date, *, since: date | None, void: bool) -> State:
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


def _granted(entry: Entry) -> tuple[Waiver, ...]:
    answer = entry.record.verdict.answer
    return answer.waivers if answer and answer.reply is Reply.GRANTED else ()


def _by_waiver(uses: Iterable[WaiverUse]) -> Mapping[str, Sequence[WaiverUse]]:
    found: dict[str, list[WaiverUse]] = {}
    for use in uses:
        found.setdefault(use.waiver, []).append(use)
    return found
