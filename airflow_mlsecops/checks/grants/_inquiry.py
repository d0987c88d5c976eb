"""Questions to AWS' answers, none of which ends the others: what was not seen is told, and asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from airflow_mlsecops.checks.grants._estate import Policy, changeable, policy
from airflow_mlsecops.core.aws import AwsFacts, Call, Operation, Shape
from airflow_mlsecops.core.unseen import NotObserved, Unseen

A = TypeVar("A", bound=Shape)
T = TypeVar("T")


class Inquiry:
    """What was asked, and what remained open.

    :param facts: AWS' answers
    """

    def __init__(self, facts: AwsFacts) -> None:
        self.facts = facts
        self._wanted: dict[str, Call] = {}
        self._hidden: dict[str, None] = {}

    @property
    def wanted(self) -> tuple[Call, ...]:
        """Calls that would tell more."""
        return tuple(self._wanted.values())

    @property
    def hidden(self) -> tuple[str, ...]:
        """What nobody could see, each a sentence."""
        return tuple(self._hidden)

    def ask(self, what: str, operation: Operation[A], region: str = "", **params: Any) -> A | NotObserved | None:
        """The answer to a question; ``None`` where AWS says that it is not configured.

        :param what: what the answer tells, to begin a sentence with
        """
        return self.told(what, lambda: self.facts.ask(operation, region, **params))

    def need(self, what: str, operation: Operation[A], region: str = "", **params: Any) -> A | NotObserved:
        """The same, of what always is there."""
        return self.told(what, lambda: self.facts.need(operation, region, **params))

    def told(self, what: str, ask: Callable[[], T]) -> T | NotObserved:
        """Whatever is found out by several questions, as long as all of them are answered."""
        try:
            return ask()
        except Unseen as end:
            return self.missing(what, end)

    def missing(self, what: str, end: Unseen) -> NotObserved:
        """Tell what was not seen, and ask for it if nobody did."""
        if isinstance(end.wants, Call):
            self._wanted[end.wants.key] = end.wants
        self.hide(what, end.missing)
        return end.missing

    def hide(self, what: str, missing: NotObserved) -> None:
        """Tell what was not seen."""
        self._hidden[f"{what} was not observed: {missing.why}."] = None

    def policy(
        self, whose: str, name: str, document: str | Mapping[str, Any], arn: str = "", since: str = ""
    ) -> Policy:
        """A policy that somebody holds, or that stands above them; one that cannot be read is told.

        :param whose: what it is called in a sentence; ``name``: in a chain
        """
        return self._read(whose, policy(name, document, arn, since))

    def changeable(self, whose: str, document: str | Mapping[str, Any]) -> Policy:
        """The same of a resource, or of a role's trust."""
        return self._read(whose, changeable(whose, document))

    def _read(self, whose: str, read: Policy) -> Policy:
        if isinstance(read.statements, NotObserved):
            self.hide(f"What {whose} says", read.statements)
        return read
