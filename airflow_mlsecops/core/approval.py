"""What may be asked of a person, who may answer, and what an answer is good for: rules of the policy alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from pydantic import AwareDatetime

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.person import among
from airflow_mlsecops.core.policy import STRICTEST, Policy
from airflow_mlsecops.core.record import Entry, Record
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.core.waiver import Waiver
from airflow_mlsecops.core.words import printable

APPROVE, DENY = "Approve", "Deny"
ID = "id:"
"""Begins an approver who is known by their id alone: ``id:7``."""
EXPIRED_TOLD = timedelta(days=366)
"""For how long an approval that has ended is told as EXPIRED; after that its finding is one like any other."""
LONGEST_REASON = 1_000
_MANY = frozenset({"ACCESS_RULE_ERROR", "ENV_NOT_IN_POLICY", "READERS", "EXPECTATION_FOUND"})
"""Codes of findings that stand for many things, or for what was not asked: an approval would cover those to come."""


class Bounds(Frozen):
    """Within which an answer counts.

    :param approvers: who may answer; none of ``requesters`` is among them
    :param requesters: who asked: whoever triggered the run, or the dataset's authors if nobody did
    :param until: the last day for which an approval may be given
    :param deadline: without an answer by then, it counts as denied
    """

    approvers: tuple[str, ...]
    requesters: tuple[str, ...]
    until: date
    deadline: AwareDatetime


class Said(Frozen):
    """What Airflow says that somebody answered; nothing of it is believed before it was weighed.

    :param by: what the policy may call who did, the name last: ``id:7``, ``7``, ``ann``; empty for nobody
    :param until: as it was typed: a day, or a number of days
    """

    options: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    at: AwareDatetime
    justification: str = ""
    until: str = ""


def bounds_of(
    policy: Policy, identity: str, requested_by: str, now: datetime, *, asked_by: Sequence[str] = ()
) -> Bounds:
    """Who may answer for a dataset, and how far.

    :param requested_by: who triggered the run; empty for scheduled runs
    :param asked_by: who asked when the question was put: they do not become approvers meanwhile
    """
    rule, _ = policy.rule_for(identity)
    requesters = tuple(dict.fromkeys((*asked_by, *((requested_by,) if requested_by.strip() else rule.authors))))
    return Bounds(
        approvers=tuple(one for one in policy.approvers_of(identity) if one.strip() and not among(one, requesters)),
        requesters=requesters,
        until=now.date() + timedelta(days=policy.approval_days),
        deadline=now + timedelta(hours=policy.approval_hours),
    )


def why_not_asked(verdict: Verdict, bounds: Bounds, policy: Policy, entities: Mapping[str, Entity]) -> str:
    """Why nobody is asked about a verdict that stops a run; empty if somebody can be."""
    blocking = [finding for finding in verdict.findings if finding.blocks]
    if verdict.outcome is not Outcome.FAIL or not blocking:
        return "only what failed can be approved, and this could not be told"
    if why := next(_not_waivable(blocking, verdict.dataset, policy, entities), ""):
        return why
    if not bounds.requesters:
        return "nobody triggered this run, and the policy names no authors of the dataset, who would have asked"
    if not policy.approvers_of(verdict.dataset):
        return "the policy names no approvers"
    if not bounds.approvers:
        return f"every approver of the policy is one of those who ask ({', '.join(bounds.requesters)})"
    return ""


def refusal(said: Said, bounds: Bounds, today: date) -> str:
    """What is wrong with an answer; empty if it counts."""
    if approver_of(said, bounds) is None:
        return (
            f"{_who(said)} may not answer: that may {', '.join(bounds.approvers) or 'nobody'}, "
            f"and not {', '.join(bounds.requesters)}, who asked"
        )
    if said.options not in ((APPROVE,), (DENY,)):
        return f"neither {APPROVE} nor {DENY} alone was chosen"
    if len(said.justification) > LONGEST_REASON or not said.justification.isprintable():
        return f"the justification is no line of at most {LONGEST_REASON:,} characters"
    if said.options == (DENY,):
        return ""
    if not said.justification.strip():
        return "the justification is empty"
    until = day_of(said.until, today)
    if until is None:
        return "until is neither a day such as 2026-12-24 nor a number of days"
    if until < today:
        return f"until {until} is in the past"
    if until > bounds.until:
        return f"until {until} is later than the policy allows: {bounds.until} at the latest"
    return ""


def approver_of(said: Said, bounds: Bounds) -> str | None:
    """The policy's name of who answered; ``None`` if it may not be them."""
    if any(among(name, bounds.requesters) for name in said.by):
        return None
    return next((name for name in bounds.approvers if name in said.by), None)


def day_of(text: str, today: date) -> date | None:
    """The day that somebody typed: itself, a moment of it, or the number of days until it."""
    text = text.strip().partition("T")[0]
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return today + timedelta(days=int(text))
    try:
        return date.fromisoformat(text) if text.isascii() else None
    except ValueError:
        return None


def waivers_of(record_id: str, asked: Verdict, *, by: str, reason: str, until: date) -> tuple[Waiver, ...]:
    """What is granted: one waiver for each finding that was asked about, up to twice its share.

    :param record_id: of the record that grants them
    :param by: the policy's name of who approved
    """
    answer = asked.answer or Answer(reply=Reply.ASKED, stopped="")
    return tuple(
        Waiver(
            id=f"{record_id[:12]}-{number}",
            dataset=asked.dataset,
            code=finding.code,
            subject=finding.subject,
            entity=finding.entity,
            requested_by=", ".join(answer.requested_by),
            approved_by=by,
            reason=reason,
            until=until,
            max_share=_most(finding),
        )
        for number, finding in enumerate(asked.findings, start=1)
    )


def granted(
    entries: Iterable[Entry],
    *,
    identity: str,
    environment: str,
    asked: str,
    policy: Policy,
    entities: Mapping[str, Entity],
) -> tuple[Waiver, ...]:
    """What people approved of a dataset in an environment, as far as today's policy would still let them.

    :param entries: of approvals, believed; those that do not count are left out
    :param asked: the action and purpose, or the environment, that the gate asks about: leave to read is no leave to
        train; empty for gates that ask what a dataset holds
    """
    return tuple(
        waiver
        for entry in entries
        if _grants(entry.record, identity, environment, asked)
        for waiver in _standing(entry.record, policy, entities)
    )


def again(asked: Verdict, verdict: Verdict) -> tuple[Finding, ...] | None:
    """Of what was asked before, what still stops; ``None`` if anything else does, or more of it than can be granted."""
    blocking = {finding.identity: finding.share for finding in verdict.findings if finding.blocks}
    known = tuple(finding for finding in asked.findings if finding.identity in blocking)
    more = any((blocking[finding.identity] or 0.0) > (_most(finding) or 0.0) for finding in known)
    return None if more or {finding.identity for finding in known} != blocking.keys() else known


def _most(finding: Finding) -> float | None:
    """Up to which share of rows an approval of a finding holds; none where nothing was counted."""
    return None if finding.share is None else min(1.0, 2 * finding.share)


def _not_waivable(
    blocking: Sequence[Finding], identity: str, policy: Policy, entities: Mapping[str, Entity]
) -> Iterator[str]:
    named = Counter(finding.identity for finding in blocking)
    for finding in blocking:
        if finding.status is not Status.FAIL:
            yield f"{finding.code} could not be told, and only what failed can be approved"
        elif not finding.subject.strip() or finding.code in _MANY or (finding.code == "RESIDUE" and not finding.entity):
            yield f"{finding.code} stands for more than one thing, and cannot be approved"
        elif named[finding.identity] > 1:
            yield f"several findings {finding.code} are about the same: one approval would cover all of them"
        elif not may_waive(finding.entity, identity, policy, entities):
            yield f"the policy lets nobody approve {finding.entity} in this dataset"


def may_waive(entity: str | None, identity: str, policy: Policy, entities: Mapping[str, Entity]) -> bool:
    """True if people may approve that a dataset holds something: not what its stage never holds.

    Nothing may be approved of data in a dataset that no line declares: there is no stage that would forbid it.
    """
    if entity is None:
        return True
    rule, _ = policy.rule_for(identity)
    known = entities.get(entity)
    return known is not None and rule is not STRICTEST and not policy.never(rule.stage, known)


def _grants(record: Record, identity: str, environment: str, asked: str) -> bool:
    verdict, answer = record.verdict, record.verdict.answer
    return (
        verdict.gate is Gate.APPROVAL
        and answer is not None
        and answer.reply is Reply.GRANTED
        and verdict.enforced
        and verdict.dataset == identity
        and record.environment == environment
        and asked in ("", verdict.asked)
    )


def _standing(record: Record, policy: Policy, entities: Mapping[str, Entity]) -> Iterator[Waiver]:
    answer = record.verdict.answer
    if answer is None:
        return
    dataset = record.verdict.dataset
    last = record.time.date() + timedelta(days=policy.approval_days)
    for waiver in answer.waivers:
        itself = any(among(name, answer.requested_by) for name in (waiver.approved_by, answer.answered_by))
        if itself or waiver.approved_by not in policy.approvers_of(dataset) or waiver.dataset != dataset:
            continue
        if may_waive(waiver.entity, dataset, policy, entities):
            yield waiver.model_copy(update={"until": min(waiver.until, last)})


def _who(said: Said) -> str:
    return next((printable(name) for name in reversed(said.by) if name), "nobody")
