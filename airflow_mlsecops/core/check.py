"""One control: a question that facts answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.policy import Environment


class Demand(Frozen):
    """What is asked of an environment: the one the DAG demands, and what the policy says it looks like."""

    environment: str
    profile: Environment


class Answer(Frozen):
    """What facts say to one question."""

    status: Status
    subject: str
    reason: str
    expected: str | None = None
    got: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One file in ``checks/`` holds one of these, as ``CHECK``; one table in ``tests/checks/`` proves it.

    :param id: stable, upper case; the code of its findings
    :param question: one question a person would ask, ending in ``?``
    :param why: what goes wrong where the answer is no
    :param remedy: what to do then
    :param severity: how much it matters
    :param standards: controls of published standards it answers to (``NIST 800-53 AC-4``)
    :param ask: pure; a fact that was not observed is answered UNKNOWN, never PASS
    """

    id: str
    question: str
    why: str
    remedy: str
    severity: Severity
    standards: tuple[str, ...]
    ask: Callable[[Facts, Demand], Answer]

    def inspect(self, facts: Facts, demand: Demand) -> Finding:
        """Answer the question from facts, as a finding that carries remedy and severity."""
        answer = self.ask(facts, demand)
        return Finding(
            status=answer.status,
            code=self.id,
            subject=answer.subject,
            reason=answer.reason,
            severity=self.severity,
            expected=answer.expected,
            got=answer.got,
            remedy=self.remedy if answer.status in (Status.FAIL, Status.UNKNOWN) else None,
        )
