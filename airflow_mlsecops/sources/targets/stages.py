"""The order in which a staging is used."""

from __future__ import annotations


class Stages:
    """Refuses to show, publish or set aside what is not finished, or is no longer there."""

    def __init__(self) -> None:
        self._stage = "open"

    def require(self, stage: str) -> None:
        """Refuse a call that comes too early, or too late.

        :raises RuntimeError: a mistake of the caller's
        """
        if self._stage != stage:
            raise RuntimeError(f"the staging is {self._stage}, expected {stage}")

    def reach(self, stage: str) -> None:
        """Remember how far it came: ``open``, ``finished`` or ``gone``."""
        self._stage = stage
