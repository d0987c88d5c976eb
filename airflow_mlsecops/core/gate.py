"""The kinds of gate; a module of its own, since every parsed DAG file imports it."""

from __future__ import annotations

from enum import StrEnum


class Gate(StrEnum):
    """The kind of gate that spoke."""

    CLASSIFY = "classify"
    ISOLATION = "isolation"
    ACCESS = "access"
    SEAL = "seal"
