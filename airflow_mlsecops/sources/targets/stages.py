"""The order in which a staging is used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Stages:
    """Refuses to show, publish or set aside what is not finished, lacks rows, or is no longer there."""

    def __init__(self) -> None:
        self._stage = "open"

    def require(self, stage: str) -> None:
        """Refuse a call that comes too early, or too late.

        :raises RuntimeError: a mistake of the caller's
        """
        if self._stage != stage:
            raise RuntimeError(f"the staging is {self._stage}, expected {stage}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around each write: after one that failed nothing can be published, even if its error was swallowed."""
        self.require("open")
        self._stage = "broken"
        yield
        self._stage = "open"

    def reach(self, stage: str) -> None:
        """Remember how far it came: ``open``, ``finished`` or ``gone``."""
        self._stage = stage
