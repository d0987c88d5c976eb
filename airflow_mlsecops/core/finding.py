"""One thing a gate found, said in counts and names."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field, NonNegativeInt

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level


class Status(StrEnum):
    """What one question came to; UNKNOWN is a verdict of its own, never a quiet pass."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How much a failed question matters, for ordering."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Novelty(StrEnum):
    """Whether the baseline knew this class in this column."""

    KNOWN = "known"
    NEW = "NEW"
    FIRST_SEEN = "FIRST SEEN"


class Origin(Frozen):
    """Where a class in a joined dataset came from: the parent's column that holds most of its values.

    :param parent: identity of the parent dataset
    :param column: the parent's column
    :param share: of the distinct values compared, how many also stand there, 0 to 1
    :param compared: distinct values compared
    """

    parent: str
    column: str
    share: float = Field(ge=0, le=1)
    compared: NonNegativeInt


class AppliedWaiver(Frozen):
    """The waiver that covers a failed finding, which stays FAIL; or that covered it and does so no more."""

    id: str
    approved_by: str
    requested_by: str = ""
    until: date
    reason: str


class Finding(Frozen):
    """One answer: never a value, only names, counts and positions. Its identity is (dataset, code, subject, entity).

    :param code: stable, for machines (``CLASS_NOT_ALLOWED``, ``ENV_MISMATCH``, a check's id…)
    :param subject: the column, resource or principal it is about
    :param reason: one sentence: what is wrong, or what is right
    :param expected: what the policy asks for
    :param got: what was observed
    :param remedy: what to do next
    :param commands: to run for that, in this order
    :param rule: where the policy says so, as ``policy.yaml:14``
    :param required: whether the policy lets this finding block
    :param rows: rows concerned; ``of`` rows looked at
    :param ended: a waiver that covered it and has ended, or covers no share as large: it is said as EXPIRED
    """

    status: Status
    code: str = Field(pattern=r"^[A-Z][A-Z0-9_-]+$")
    subject: str
    reason: str
    severity: Severity = Severity.HIGH
    required: bool = True
    entity: str | None = None
    level: Level | None = None
    rows: NonNegativeInt | None = None
    of: NonNegativeInt | None = None
    how: str | None = None
    novelty: Novelty | None = None
    origin: Origin | None = None
    expected: str | None = None
    got: str | None = None
    remedy: str | None = None
    commands: tuple[str, ...] = ()
    rule: str | None = None
    waiver: AppliedWaiver | None = None
    ended: AppliedWaiver | None = None

    @property
    def identity(self) -> tuple[str, str, str | None]:
        """What tells it from the other findings of its dataset."""
        return (self.code, self.subject, self.entity)

    @property
    def share(self) -> float | None:
        """Share of the rows concerned, 0 to 1; ``None`` where nothing was counted."""
        return None if self.rows is None or not self.of else self.rows / self.of

    @property
    def blocks(self) -> bool:
        """True if this finding alone keeps the verdict from PASS."""
        return self.required and self.waiver is None and self.status in (Status.FAIL, Status.UNKNOWN)


TELLING = frozenset(
    {
        *("ALLOW_LISTED", "ALLOW_ENDED", "ALLOW_OTHER_KEY"),
        *("SANITIZED", "SET_ASIDE", "QUARANTINED", "VALIDATED"),
        *("K_ANONYMITY", "L_DIVERSITY", "QUASI_IDENTIFIERS_JOINED"),
        *("READERS", "READERS_NOT_ASKED"),
    }
)
"""Codes of findings that need not block to be told."""
