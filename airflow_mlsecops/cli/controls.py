"""Every check of an environment, and what it takes to ask it: for the command line and for the reference page."""

from __future__ import annotations

import inspect
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.frozen import Frozen

if TYPE_CHECKING:
    from airflow_mlsecops.core.aws import Operation
    from airflow_mlsecops.core.check import Check

_HEAD = """\
# What is asked of an environment

{number} checks. Generated from `airflow_mlsecops/checks/`, one file each; `airflow-mlsecops isolation list` prints the
same, `airflow-mlsecops isolation explain ID` says why and what to do, and `airflow-mlsecops isolation iam-policy`
writes the policy of the role that looks.

A check that **asks** AWS, or **tries** what must not work, is asked only where the policy or the Dag requires it."""

_CHECKS = "airflow_mlsecops.checks"


class Control(Frozen):
    """One check, as people read it.

    :param about: what holds where it passes, why, and what it cannot see
    :param asks: how it comes by its answer: ``facts`` of the run, ``AWS``, or a ``probe`` of what must not work
    :param auditor: IAM actions that whoever looks needs
    :param task: IAM actions that the task itself needs
    """

    id: str
    question: str
    about: str
    why: str
    remedy: str
    severity: str
    standards: tuple[str, ...]
    asks: str
    auditor: tuple[str, ...]
    task: tuple[str, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        """All the IAM actions it takes."""
        return tuple(sorted({*self.auditor, *self.task}))


def controls(checks: Iterable[Check]) -> tuple[Control, ...]:
    """Checks as people read them, by id."""
    return tuple(_control(check) for check in sorted(checks, key=lambda check: check.id))


def iam_policy(actions: Collection[str]) -> dict[str, Any]:
    """The identity policy that allows these actions and nothing else: one statement for each service.

    Which resources are asked about is known only once AWS has answered (a subnet's route table, a role's policies), so
    it names none. Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    """
    services: dict[str, list[str]] = defaultdict(list)
    for action in sorted(set(actions)):
        services[action.partition(":")[0]].append(action)
    statements = [
        {"Sid": _sid(service), "Effect": "Allow", "Action": of_service, "Resource": "*"}
        for service, of_service in services.items()
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def actions(operations: Iterable[Operation[Any]]) -> tuple[str, ...]:
    """The IAM actions that operations need, each once, in order."""
    return tuple(sorted({operation.action for operation in operations if operation.action}))


def markdown(checks: Iterable[Check]) -> str:
    """The reference page."""
    every = controls(checks)
    lines = [_HEAD.format(number=len(every)), ""]
    lines += ["| check | question | severity | from | IAM actions | answers to |", "|" + "---|" * 6]
    return "\n".join((*lines, *map(_line, every), ""))


def _control(check: Check) -> Control:
    return Control(
        id=check.id,
        question=check.question,
        about=_about(check),
        why=check.why,
        remedy=check.remedy,
        severity=check.severity.value,
        standards=check.standards,
        asks="probe" if check.probes else "AWS" if check.reads else "facts",
        auditor=actions(operation for operation in check.reads if not operation.as_task),
        # What a probe tries as the task must be refused: no policy may allow it.
        task=() if check.probes else actions(operation for operation in check.reads if operation.as_task),
    )


def _about(check: Check) -> str:
    return inspect.cleandoc(getattr(sys.modules.get(f"{_CHECKS}.{check.id.lower()}"), "__doc__", None) or "")


def _sid(service: str) -> str:
    # A Sid is made of letters and digits alone.
    return "".join(word.capitalize() for word in service.split("-"))


def _line(one: Control) -> str:
    actions = ", ".join(f"`{action}`" for action in one.actions)
    cells = (f"`{one.id}`", one.question, one.severity, one.asks, actions, "; ".join(one.standards))
    return f"| {' | '.join(cells)} |"
