"""What nobody could see, as a fact and as the end of a question."""

from __future__ import annotations

from typing import Any

from airflow_mlsecops.core.frozen import Frozen


class NotObserved(Frozen):
    """Nobody could look, and why; this is not *absent*.

    :param why: value-free, names the one missing permission or fact
    """

    why: str = "nobody looked"


class Unseen(Exception):
    """A check asked for what was not observed: its answer is UNKNOWN, wherever in the check this is raised.

    :param fact: what was asked for, to stand before ``was not observed``
    :param missing: why it was not observed
    :param wants: the call that would show it, if nobody made it yet
    """

    def __init__(self, fact: str, missing: NotObserved, wants: Any = None) -> None:
        super().__init__(f"{fact} was not observed: {missing.why}")
        self.fact = fact
        self.missing = missing
        self.wants = wants
