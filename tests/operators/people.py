"""People who answer, and Airflow as a parked gate sees it, without a metadata database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from airflow_mlsecops.core.question import Question
from airflow_mlsecops.operators import hitl
from tests.operators.fakes import context
from tests.operators.lake import Lake

try:
    from airflow.sdk.exceptions import TaskAwaitingInput as Parked
except ImportError:  # Airflow 3.2
    from airflow.sdk.exceptions import TaskDeferred as Parked


@dataclass
class RequiredActions:
    """Airflow's Required Actions: keeps the first question of a task in a run, as Airflow does."""

    shown: dict[tuple[str, str, int], Question] = field(default_factory=dict)
    assigned: list[tuple[str, ...]] = field(default_factory=list)
    waits: list[Any] = field(default_factory=list)

    def show(self, ti_id: Any, asked: Question, *, approvers: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
        self.assigned.append(tuple(approvers))
        shown = self.shown.setdefault(ti_id, asked)
        return shown.subject, shown.body, shown.options


@pytest.fixture
def actions(monkeypatch: pytest.MonkeyPatch) -> RequiredActions:
    actions = RequiredActions()
    monkeypatch.setattr(hitl, "show", actions.show)
    return actions


def says(by: str | None, option: str = "Approve", at: datetime | None = None, **fields: Any) -> dict[str, Any]:
    """The event that Airflow resumes a task with."""
    given = {"justification": "a pilot, ticket SEC-4711", "until": "7", **fields}
    return {
        "chosen_options": [option],
        "params_input": given,
        "responded_at": at or datetime.now(UTC),
        "responded_by_user": {"id": by, "name": by} if by else None,
        "timedout": by is None,
    }


def park(task: Any, run_id: str = "r1", **given: Any) -> None:
    """Run a gate that is to ask and wait."""
    with pytest.raises(Parked):
        task.execute(around(task, run_id, **given))


def resume(task: Any, event: dict[str, Any], run_id: str = "r1", **given: Any) -> dict[str, Any]:
    """Let the gate go on in a new process: of the operator nothing is left but what the DAG file says."""
    again = around(task, run_id, **given)
    task.resume_execution(hitl.RESUMES, {"event": event}, again)
    return again


def around(task: Any, run_id: str, **given: Any) -> dict[str, Any]:
    made = context(task, run_id=run_id, **given)
    made["ti"].id = (task.task_id, run_id, made["ti"].map_index)
    return made


def told(lake: Lake, **which: Any) -> list[tuple[str, str, str]]:
    """What the ledger holds, oldest first: gate, outcome, and what a person was asked or said."""
    return [
        (
            one.verdict.gate.value,
            one.verdict.outcome.value,
            one.verdict.answer.reply.value if one.verdict.answer else "",
        )
        for one in reversed(lake.records(**which))
    ]
