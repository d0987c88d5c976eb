"""What a record says that can be followed: a class in a column, a sealed task, a waiver that was used.

It is read here alone: to keep where it stands, and to hold what was kept against the record again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from airflow_mlsecops.core.finding import Finding, Origin
from airflow_mlsecops.core.gate import SCANS, Gate
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Verdict


class Kind(StrEnum):
    """What is followed."""

    SIGHTED = "sighted"
    CONSUMED = "consumed"
    WAIVED = "waived"


class Came(StrEnum):
    """What it came to in its run: it was seen, let through or covered; or stopped, or found ended."""

    ON = "+"
    OFF = "-"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a record says.

    :param names: what tells it from others of its kind in the same dataset, environment and Dag
    :param origin: where the class came from, if the record knows
    :param makes: what the sealed task makes, if it was let through and the record knows
    """

    kind: Kind
    names: tuple[str, ...]
    came: Came = Came.ON
    entity: str = ""
    level: Level | None = None
    rows: int | None = None
    of: int | None = None
    origin: Origin | None = None
    makes: tuple[str, ...] = ()

    @property
    def telling(self) -> bool:
        """True if it says more than that it was there: where it came from, or what is made of it."""
        return bool(self.origin or self.makes)


def said_by(record: Record) -> Iterator[Said]:
    """All that a record says; a person's answer says none of it, for what follows from it a gate says."""
    verdict = record.verdict
    if verdict.gate is Gate.APPROVAL:
        return
    if verdict.gate in SCANS:
        yield from _sighted(verdict)
    if verdict.gate is Gate.SEAL:
        came = Came.ON if not verdict.stops or _executed(verdict) else Came.OFF
        yield Said(Kind.CONSUMED, (record.run.task_id,), came, makes=verdict.makes if came is Came.ON else ())
    yield from _waived(verdict)


# About what was read to be treated, what the policy lets through by its value, and what no longer is what it is called.
_NOT_HELD = frozenset({"NO_RULE", "RULE_KEEPS", "ALLOW_LISTED", "ENTITY_REPLACED"})
# A seal speaks again when its task has executed.
_AFTERWARDS = frozenset({"SEAL_HELD", "CHANGED_DURING_TRAINING"})


def _executed(verdict: Verdict) -> bool:
    return any(finding.code in _AFTERWARDS for finding in verdict.findings)


def _sighted(verdict: Verdict) -> Iterator[Said]:
    seen = {
        (one.column, one.entity): Said(
            Kind.SIGHTED, (one.column, one.entity), entity=one.entity, rows=one.rows, of=verdict.rows_scanned
        )
        for one in verdict.sightings
    }
    for finding in verdict.findings:
        if finding.entity and finding.code not in _NOT_HELD:
            seen[finding.subject, finding.entity] = _of_finding(finding, finding.entity)
    replaced = {(finding.subject, finding.entity) for finding in verdict.findings if finding.code == "ENTITY_REPLACED"}
    yield from (said for pair, said in seen.items() if pair not in replaced)


def _of_finding(finding: Finding, entity: str) -> Said:
    return Said(
        Kind.SIGHTED,
        (finding.subject, entity),
        entity=entity,
        level=finding.level,
        rows=finding.rows,
        of=finding.of,
        origin=finding.origin,
    )


def _waived(verdict: Verdict) -> Iterator[Said]:
    said: dict[tuple[str, ...], Said] = {}
    for finding in verdict.findings:
        for applied, came in ((finding.waiver, Came.ON), (finding.ended, Came.OFF)):
            if applied is not None:
                names = applied.id, finding.code, finding.subject, finding.entity or ""
                rows, of = finding.rows, finding.of
                said[names] = Said(Kind.WAIVED, names, came, entity=finding.entity or "", rows=rows, of=of)
    yield from said.values()


def digest(*names: str) -> str:
    """What stands for names, which may be longer than any index takes, or hold what no database stores."""
    whole = hashlib.sha256()
    for name in names:
        encoded = name.encode("utf-8", "surrogatepass")
        whole.update(len(encoded).to_bytes(8, "big") + encoded)
    return whole.hexdigest()[:32]
