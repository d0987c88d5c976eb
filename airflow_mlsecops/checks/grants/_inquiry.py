"""Questions to AWS' answers, none of which ends the others: what was not seen is told, and asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from airflow_mlsecops.checks.grants._estate import Policy, changeable, policy
from airflow_mlsecops.core.aws import AwsFacts, Call, Operation, Shape
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.unseen import NotObserved, Unseen

A = TypeVar("A", bound=Shape)
T = TypeVar("T")
U = TypeVar("U")


class Inquiry:
    """What was asked, and what remained open.

    :param aws: AWS' answers
    """

    def __init__(self, aws: AwsFacts) -> None:
        self.aws = aws
        self.facts = Facts(aws=aws)
        self._wanted: dict[str, Call] = {}
        self._hidden: dict[str, None] = {}

    @property
    def wanted(self) -> tuple[Call, ...]:
        """Calls that would tell more."""
        return tuple(self._wanted[key] for key in sorted(self._wanted))

    @property
    def hidden(self) -> tuple[str, ...]:
        """What nobody could see, each a sentence."""
        return tuple(self._hidden)

    def ask(self, what: str, operation: Operation[A], region: str = "", **params: Any) -> A | NotObserved | None:
        """The answer to a question; ``None`` where AWS says that it is not configured.

        :param what: what the answer tells, to begin a sentence with
        """
        return self.told(what, lambda: self.aws.ask(operation, region, **params))

    def need(self, what: str, operation: Operation[A], region: str = "", **params: Any) -> A | NotObserved:
        """The same, of what always is there."""
        return self.told(what, lambda: self.aws.need(operation, region, **params))

    def told(self, what: str, ask: Callable[[], T]) -> T | NotObserved:
        """Whatever is found out by several questions, as long as all of them are answered."""
        try:
            return ask()
        except Unseen as end:
            return self.missing(what, end)

    def of(self, look: Callable[[], T], otherwise: U) -> T | U:
        """The same, with what stands in for it; what was not seen is called as the question was."""
        try:
            return look()
        except Unseen as end:
            self.missing(end.fact, end)
            return otherwise

    def missing(self, what: str, end: Unseen) -> NotObserved:
        """Tell what was not seen, and ask for it if nobody did."""
        if isinstance(end.wants, Call):
            self._wanted[end.wants.key] = end.wants
        self.hide(what, end.missing)
        return end.missing

    def hide(self, what: str, missing: NotObserved) -> None:
        """Tell what was not seen."""
        self._hidden[f"{what} was not observed: {missing.why}"] = None

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
