"""PASS, FAIL or UNKNOWN, with every reason and what was not looked at."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import NonNegativeFloat, NonNegativeInt

from airflow_mlsecops.core.answer import Answer
from airflow_mlsecops.core.classification import Sighting, Skipped
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate as Gate
from airflow_mlsecops.core.sampling import Sample
from airflow_mlsecops.core.treatment import Treated


class Outcome(StrEnum):
    """What a gate came to."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


class Verdict(Frozen):
    """What a gate came to, with every finding and reason.

    :param dataset: connection-free identity of the dataset, in OpenLineage's naming
    :param uri: the dataset as the DAG author wrote it
    :param partition: what this run looked at within it
    :param asked: what was asked: the environment demanded, or the action and purpose (``train for churn``)
    :param identity: whom the dataset's database, or AWS, said that the task is; empty where neither was asked
    :param enforced: false in observe mode: the true verdict is kept, nothing is stopped, no baseline is seeded
    :param treated: what was done to which column on the way into the dataset
    :param policy: digest of the policy that judged
    :param job: digest of the job that was judged, where there was one
    :param sampled: the uniform sample that the rows scanned are, where not all were
    :param fingerprint: root of the fingerprint of what was looked at; ``parts`` says how many parts
    :param clean_columns: names of columns that were read whole and in which nothing was found, so many as are kept
    :param makes: what a sealed task makes of the data, where Airflow or the job says so: URIs
    :param answer: what a person answered, in a record of APPROVAL
    :param seconds: wall-clock time the gate took
    """

    gate: Gate
    outcome: Outcome
    dataset: str
    uri: str
    partition: str = ""
    asked: str = ""
    identity: str = ""
    findings: tuple[Finding, ...] = ()
    not_looked_at: tuple[Skipped, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    treated: tuple[Treated, ...] = ()
    rows_scanned: NonNegativeInt = 0
    rows_present: NonNegativeInt | None = None
    sampled: Sample | None = None
    bytes_read: NonNegativeInt = 0
    columns: NonNegativeInt = 0
    policy: str = ""
    ruleset: str = ""
    job: str = ""
    fingerprint: str = ""
    parts: NonNegativeInt = 0
    clean_columns: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    answer: Answer | None = None
    enforced: bool = True
    seconds: NonNegativeFloat = 0.0

    @property
    def stops(self) -> bool:
        """True if the task must not succeed."""
        return self.enforced and self.outcome is not Outcome.PASS

    @property
    def waived(self) -> tuple[Finding, ...]:
        """Findings that a waiver covers; they stay FAIL."""
        return tuple(finding for finding in self.findings if finding.waiver)

    @property
    def worst(self) -> Finding | None:
        """The finding to fix first, if any blocks."""
        return next((finding for finding in self.findings if finding.blocks), None)


_SEVERITY = {severity: rank for rank, severity in enumerate(Severity)}
_STATUS = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.PASS: 2, Status.NOT_APPLICABLE: 3}


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """FAIL if any finding blocks by failing, else UNKNOWN if any blocks by being unknown, else PASS.

    Without one required answer that passed or was waived it is UNKNOWN: a gate that asked nothing has proven nothing.
    """
    findings = tuple(findings)
    blocking = {finding.status for finding in findings if finding.blocks}
    if Status.FAIL in blocking:
        return Outcome.FAIL
    if blocking or not any(finding.required and _lets_through(finding) for finding in findings):
        return Outcome.UNKNOWN
    return Outcome.PASS


def _lets_through(finding: Finding) -> bool:
    return finding.status is Status.PASS or finding.waiver is not None


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Blocking first, then failures, unknowns and passes; the most severe of each first."""
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                not f.blocks,
                _STATUS[f.status],
                _SEVERITY[f.severity],
                f.code,
                f.subject,
                f.entity or "",
            ),
        )
    )
