"""Which failed findings a waiver covers, and which one covers no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Status
from airflow_mlsecops.core.person import same_person
from airflow_mlsecops.core.policy import Policy, matches
from airflow_mlsecops.core.waiver import Waiver


def apply_waivers(
    findings: Iterable[Finding], *, identity: str, policy: Policy, today: date, granted: Sequence[Waiver] = ()
) -> tuple[Finding, ...]:
    """Mark failed findings that a waiver covers; one that has ended is kept with the finding, which stops.

    Only FAIL can be waived: what nobody looked at cannot be accepted.

    :param granted: what people approved in Airflow, of this very dataset in this environment
    """
    findings = tuple(findings)
    written = [waiver for waiver in policy.waivers if matches(waiver.dataset, identity)]
    failed = Counter(finding.identity for finding in findings if finding.status is Status.FAIL)

    def waive(finding: Finding) -> Finding:
        # Who approved one finding has seen one: a second of the same name is another, and so is one that is counted
        # now where nothing was.
        seen = failed[finding.identity] == 1
        approved = (one for one in granted if seen and (one.max_share is not None or finding.share is None))
        return _waive(finding, (*written, *approved), today)

    return tuple(waive(finding) if finding.status is Status.FAIL else finding for finding in findings)


def _waive(finding: Finding, waivers: Iterable[Waiver], today: date) -> Finding:
    covering = [waiver for waiver in waivers if _covers(waiver, finding)]
    in_force = next((waiver for waiver in covering if _in_force(waiver, finding, today)), None)
    if in_force:
        return finding.model_copy(update={"waiver": _applied(in_force)})
    ended = max(covering, key=lambda waiver: waiver.until, default=None)
    if ended is None:
        return finding
    why = f"ended on {ended.until}" if ended.until < today else f"covers at most {ended.max_share:.3%} of the rows"
    reason = f"{finding.reason}; waiver {ended.id} {why}"
    return finding.model_copy(update={"reason": reason, "ended": _applied(ended)})


def _covers(waiver: Waiver, finding: Finding) -> bool:
    by_themselves = same_person(waiver.approved_by, waiver.requested_by)
    return (waiver.code, waiver.subject, waiver.entity) == finding.identity and not by_themselves


def _in_force(waiver: Waiver, finding: Finding, today: date) -> bool:
    within = waiver.max_share is None or (finding.share is not None and finding.share <= waiver.max_share)
    return today <= waiver.until and within


def _applied(waiver: Waiver) -> AppliedWaiver:
    return AppliedWaiver(
        id=waiver.id,
        approved_by=waiver.approved_by,
        requested_by=waiver.requested_by,
        until=waiver.until,
        reason=waiver.reason,
    )
