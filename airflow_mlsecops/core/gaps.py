"""What nobody can answer, accepted in writing until a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from airflow_mlsecops.core.environment import NotObservable
from airflow_mlsecops.core.finding import Finding, Status


def weigh(finding: Finding, gaps: Iterable[NotObservable], today: date) -> Finding:
    """Let a finding that is UNKNOWN block no more where a gap speaks of its code, and say so; loudly once it ended."""
    meant = (gap for gap in gaps if gap.check == finding.code)
    gap = max(meant, key=lambda gap: gap.until, default=None)
    if gap is None or finding.status is not Status.UNKNOWN:
        return finding
    if gap.until < today:
        return finding.model_copy(
            update={"reason": f"{finding.reason}; the policy accepted this gap only until {gap.until}"}
        )
    accepted = f"{finding.reason}; accepted by the policy until {gap.until}: {gap.reason}"
    return finding.model_copy(update={"reason": accepted, "required": False})
