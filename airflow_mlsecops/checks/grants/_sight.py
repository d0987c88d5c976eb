"""What was asked of AWS for one question, and what of it nobody could see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from airflow_mlsecops.core.aws import AwsFacts, Call
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.unseen import Unseen

T = TypeVar("T")
U = TypeVar("U")


class Sight:
    """Facts of AWS, looked at step by step: a step that nobody could see is noted, and the others go on.

    :param facts: what was observed
    """

    def __init__(self, facts: AwsFacts) -> None:
        self.aws = facts
        self.facts = Facts(aws=facts)
        self._ends: dict[str, Unseen | None] = {}

    def of(self, look: Callable[[], T], otherwise: U) -> T | U:
        """What a step shows; what stands in for it where nobody could see."""
        try:
            return look()
        except Unseen as end:
            self._ends.setdefault(str(end), end)
            return otherwise

    def note(self, sentence: str) -> None:
        """Add what nobody can see, whatever is asked."""
        self._ends.setdefault(sentence, None)

    @property
    def hidden(self) -> tuple[str, ...]:
        """What nobody could see, each once, in words."""
        return tuple(self._ends)

    @property
    def wanted(self) -> tuple[Call, ...]:
        """Calls that would show some of it."""
        wants = [end.wants for end in self._ends.values() if end]
        calls = {call.key: call for call in wants if isinstance(call, Call)}
        return tuple(calls[key] for key in sorted(calls))
