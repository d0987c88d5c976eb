"""The kinds of gate; a module of its own, since every parsed DAG file imports it."""

from __future__ import annotations

from enum import StrEnum


class Gate(StrEnum):
    """The kind of gate that spoke; APPROVAL is no gate but a person, whom a gate asked."""

    CLASSIFY = "classify"
    SANITIZE = "sanitize"
    VALIDATE = "validate"
    ISOLATION = "isolation"
    ACCESS = "access"
    SEAL = "seal"
    APPROVAL = "approval"


SCANS = frozenset({Gate.CLASSIFY, Gate.SANITIZE})
"""Gates that read every row of a dataset and say what it holds."""
OF_DATA = SCANS | {Gate.VALIDATE}
"""Gates that speak of the very data they looked at, told by its fingerprint."""
