"""How waivers stand, by the policy and by what the ledger remembers of people and gates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.policy import Policy, matches
from airflow_mlsecops.core.standing_waiver import StandingWaiver, in_order
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.core.waiver import Waiver
from airflow_mlsecops.core.waiver_questions import questions, task_key
from airflow_mlsecops.core.waivers import (
    Holds,
    granted_waivers,
    policy_waivers,
    used_waivers,
)

if TYPE_CHECKING:
    from airflow_mlsecops.core.finding import AppliedWaiver
    from airflow_mlsecops.core.record import Entry
    from airflow_mlsecops.core.waiver import WaiverUse
    from airflow_mlsecops.ledger.ledger import Ledger

MOST = 2_000
"""Of answers, and of uses of waivers, so many are looked at: the newest."""
_GRANTED = re.compile(r"[0-9a-f]{12}-[0-9]+")
_NEWEST = 50  # records of one task in one run, of which the newest says whether an answer is waited for


class StandingWaivers(Frozen):
    """All waivers that may be seen, what needs somebody first.

    :param whole: false if there are more answers or uses than were looked at, or newer records than are counted
    """

    waivers: tuple[StandingWaiver, ...]
    whole: bool


def standing_waivers(
    ledger: Ledger, policy: Policy, *, dags: frozenset[str] | None, now: datetime, holds: Holds
) -> StandingWaivers:
    """How waivers stand, within the Dags that may be seen.

    What other Dags asked, used or were granted is not told; a waiver of the policy is told of where it covers a dataset
    that one of these Dags has looked at.

    :param dags: ``None``: all
    :param holds: what of an answer today's policy would still allow
    :raises LedgerError: if the ledger cannot be read
    """
    uses = ledger.waiver_uses(dags, limit=MOST)
    answers = ledger.answers(dags, limit=MOST)
    today, current = now.date(), tuple(_current(ledger, uses))
    whole = max(len(uses), len(answers)) < MOST and ledger.traces_current()
    told = [
        *_of_policy(ledger, policy, current, dags, now),
        *granted_waivers(answers, current, today, holds),
        *_of_others(ledger, policy, answers, current, now),
        *questions(answers, _newest(ledger, answers, now), now),
    ]
    return StandingWaivers(waivers=in_order(told), whole=whole)


def _of_policy(
    ledger: Ledger, policy: Policy, uses: tuple[WaiverUse, ...], dags: frozenset[str] | None, now: datetime
) -> Iterator[StandingWaiver]:
    told = policy_waivers(policy, uses, now.date())
    if dags is None or not told:
        yield from told
        return
    datasets = ledger.datasets(dags)
    for waiver, one in zip(policy.waivers, told, strict=True):
        if one.datasets or any(matches(waiver.dataset, dataset) for dataset in datasets):
            yield one


def _of_others(
    ledger: Ledger, policy: Policy, answers: tuple[Entry, ...], uses: tuple[WaiverUse, ...], now: datetime
) -> Iterator[StandingWaiver]:
    """Waivers that these Dags use and that another was granted: as their own records tell them, and no other."""
    known = {waiver.id for waiver in policy.waivers} | {waiver.id for entry in answers for waiver in _waivers(entry)}
    newest: dict[str, WaiverUse] = {}
    for use in uses:  # the newest first
        if use.waiver not in known and _GRANTED.fullmatch(use.waiver):
            newest.setdefault(use.waiver, use)
    entries = ledger.told(use.last_sequence for use in newest.values())
    told = {name: _told_by(entries.get(use.last_sequence), name) for name, use in newest.items()}
    yield from used_waivers(uses, {name: one for name, one in told.items() if one}, policy, now.date())


def _told_by(entry: Entry | None, name: str) -> AppliedWaiver | None:
    """The waiver as the newest record of a use tells it."""
    findings = entry.record.verdict.findings if entry else ()
    told = (one for finding in findings for one in (finding.waiver, finding.ended))
    return next((one for one in told if one is not None and one.id == name), None)


def _waivers(entry: Entry) -> tuple[Waiver, ...]:
    return entry.record.verdict.answer.waivers if entry.record.verdict.answer else ()


def _current(ledger: Ledger, uses: Iterable[WaiverUse]) -> Iterator[WaiverUse]:
    """The uses; where what a waiver covered is found no more, nothing is said of its having ended."""
    every = tuple(uses)
    ended = ledger.told(use.last_sequence for use in every if use.ended_runs)
    for use in every:
        gone = use.ended_runs > 0 and not _still_there(ledger, ended.get(use.last_sequence))
        yield use.model_copy(update={"ended_runs": 0}) if gone else use


def _still_there(ledger: Ledger, entry: Entry | None) -> bool:
    """True while no newer verdict of the task that found it says otherwise; UNKNOWN says nothing."""
    if entry is None:  # nobody can say that it is gone
        return True
    return not any(_spoke_since(ledger, entry, outcome) for outcome in (Outcome.PASS, Outcome.FAIL))


def _spoke_since(ledger: Ledger, entry: Entry, outcome: Outcome) -> bool:
    """True if the same gate of the same task came to that outcome on the dataset later."""
    record = entry.record
    newest = ledger.history(
        dataset=record.verdict.dataset,
        environment=record.environment,
        dag_id=record.run.dag_id,
        task_id=record.run.task_id,
        gate=record.verdict.gate,
        outcome=outcome,
        since=record.time,
        limit=1,
    )
    return any(one.sequence > entry.sequence for one in newest)


def _newest(ledger: Ledger, answers: Iterable[Entry], now: datetime) -> set[int]:
    """Of the answers those after which no gate of their task has spoken, as far as that matters: where one waits."""
    last: dict[tuple[str, str, str, int], Entry] = {}
    for entry in answers:
        last.setdefault(task_key(entry), entry)
    return {entry.sequence for entry in last.values() if _waits(entry, now) and _is_newest(ledger, entry)}


def _waits(entry: Entry, now: datetime) -> bool:
    answer = entry.record.verdict.answer
    return answer is not None and (answer.deadline is None or answer.deadline > now)


def _is_newest(ledger: Ledger, entry: Entry) -> bool:
    dag_id, run_id, task_id, map_index = task_key(entry)
    found = ledger.history(dag_id=dag_id, run_id=run_id, task_id=task_id, map_index=map_index, limit=_NEWEST)
    same = (one for one in found if task_key(one) == task_key(entry))
    return next((one.sequence for one in same), None) == entry.sequence
