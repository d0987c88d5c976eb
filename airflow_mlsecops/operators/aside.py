"""The files of a dataset that may not be in it, found one by one and moved aside, so that the others can go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.sources import Source
from airflow_mlsecops.sources.quarantine import members_of, open_member, set_aside


class Aside:
    """The offending files of a gate's dataset.

    :param judge: what the gate finds in a source, waivers applied
    """

    def __init__(self, attempt: Attempt, judge: Callable[[Source], tuple[Finding, ...]]) -> None:
        self.attempt = attempt
        self.judge = judge
        self.clients = attempt.hook.clients(attempt.context)
        self.left = 0

    def move(self, source: Source) -> tuple[Finding, ...]:
        """Move aside what offends by itself; ``left`` says how many files stay.

        :returns: what was moved and why, as findings that do not block; none where no file offends by itself
        """
        names = [member.name for member in members_of(source)]
        found = {name: tuple(filter(_offends, self._alone(name))) for name in names}
        offending = [name for name, findings in found.items() if findings]
        self.left = len(names) - len(offending)
        if not offending:
            return ()
        place = set_aside(self.attempt.dataset, offending, self.clients, run=self.attempt.run_token)
        moved = _moved(len(offending), len(names), place)
        # At once: the second look may end in an error, and files that are gone must not be gone without a word.
        self.attempt.log.warning("%s", moved.reason)
        return (moved, *_merely_told([finding for name in offending for finding in found[name]]))

    def _alone(self, name: str) -> tuple[Finding, ...]:
        return self.judge(open_member(self.attempt.dataset, name, self.clients))


def _offends(finding: Finding) -> bool:
    """True for what may not be there; a file without rows proves nothing by itself, and offends nobody."""
    return finding.blocks and finding.status is Status.FAIL


def _moved(moved: int, of: int, place: str) -> Finding:
    return Finding(
        status=Status.PASS,
        code="QUARANTINED",
        subject="dataset",
        severity=Severity.HIGH,
        required=False,
        reason=f"{moved:,} of {of:,} files were moved to {place}: they hold what may not be here",
        remedy="find out which task wrote them; look at them there, then delete them",
    )


def _merely_told(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Why files were moved, once for each column and class, with the rows of all of them."""
    together: dict[tuple[str, str, str | None], Finding] = {}
    for finding in findings:
        key = (finding.code, finding.subject, finding.entity)
        known = together.get(key)
        counts = {} if known is None else {"rows": _sum(known.rows, finding.rows), "of": _sum(known.of, finding.of)}
        together[key] = finding.model_copy(update={"required": False, **counts})
    return tuple(together.values())


def _sum(one: int | None, two: int | None) -> int | None:
    return None if one is None or two is None else one + two
