"""One control: a question that facts answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from airflow_mlsecops.core.aws import Call, Operation
from airflow_mlsecops.core.environment import Environment
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.unseen import NotObserved, Unseen

_OF_SHELLS = frozenset("$`;|&<>'\"\\\n\r\t ")


class Demand(Frozen):
    """What is asked of an environment: the one the DAG demands, and what the policy says it looks like."""

    environment: str
    profile: Environment


class Answer(Frozen):
    """What facts say to one question.

    :param wants: calls that nobody made yet, and that would tell more
    :param commands: what to run where the answer is no, in this order; beside the check's remedy
    """

    status: Status
    subject: str
    reason: str
    expected: str | None = None
    got: str | None = None
    wants: tuple[Call, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One file in ``checks/`` holds one of these, as ``CHECK``; one table in ``tests/checks/`` proves it.

    :param id: stable, upper case; the code of its findings
    :param question: one question a person would ask, ending in ``?``
    :param why: what goes wrong where the answer is no
    :param remedy: what to do then, as a command to paste where there is one; ``{subject}`` stands for the resource
    :param severity: how much it matters
    :param standards: controls of published standards it answers to (``NIST 800-53 AC-4``)
    :param ask: pure; a fact that was not observed is answered UNKNOWN, never PASS; at least one answer
    :param reads: every kind of question to AWS that it may ask
    :param probes: it is answered by trying what must not work
    :param of_the_task: it is about the very process that asks, so that a seal asks it again in the sealed task's own
    """

    id: str
    question: str
    why: str
    remedy: str
    severity: Severity
    standards: tuple[str, ...]
    ask: Callable[[Facts, Demand], Answer | tuple[Answer, ...]]
    reads: tuple[Operation[Any], ...] = ()
    probes: bool = False
    of_the_task: bool = False

    @property
    def on_demand(self) -> bool:
        """True if it is asked only where it is required: asking costs permissions, or makes noise."""
        return bool(self.reads) or self.probes

    def answers(self, facts: Facts, demand: Demand) -> tuple[Answer, ...]:
        """One answer for each resource that the question concerns."""
        try:
            said = self.ask(facts, demand)
        except Unseen as end:
            return (unseen(self.id.lower(), end),)
        if said == ():
            return (unseen(self.id.lower(), Unseen("any resource", NotObserved(why="the check named none"))),)
        return said if isinstance(said, tuple) else (said,)

    def inspect(self, facts: Facts, demand: Demand) -> tuple[Finding, ...]:
        """Answer the question from facts, as findings that carry remedy and severity."""
        return tuple(map(self._finding, self.answers(facts, demand)))

    def _finding(self, answer: Answer) -> Finding:
        return Finding(
            status=answer.status,
            code=self.id,
            subject=answer.subject,
            reason=answer.reason,
            severity=self.severity,
            expected=answer.expected,
            got=answer.got,
            remedy=self._remedy(answer.subject) if answer.status in (Status.FAIL, Status.UNKNOWN) else None,
            commands=answer.commands,
        )

    def _remedy(self, subject: str) -> str:
        # Where the question ended before it came to a resource, its subject is the check itself.
        subject = "<its name>" if subject == self.id.lower() else subject.replace(", ", ",")
        # Who pastes a command must not run what somebody called his bucket, nor hand it on as a further option.
        return self.remedy.replace("{subject}", "<its name>" if _OF_SHELLS & set(subject) else subject)


def unseen(subject: str, end: Unseen) -> Answer:
    """The answer to a question that ended where nobody could see."""
    wants = (end.wants,) if isinstance(end.wants, Call) else ()
    return Answer(status=Status.UNKNOWN, subject=subject, reason=str(end), wants=wants)
