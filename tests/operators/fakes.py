"""Just enough of Airflow's context for a gate to run without a metadata database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class FakeDag:
    """A DAG as a task sees it."""

    def __init__(self, *tasks: Any) -> None:
        self.tasks = list(tasks)


class FakeTask:
    """A task as the worker holds it, with its DAG at hand."""

    def __init__(self, task: Any) -> None:
        self._task = task
        self.dag = FakeDag(task)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._task, name)


@dataclass
class FakeInstance:
    """A task instance that keeps what was pushed."""

    task: Any
    dag_id: str = "churn"
    run_id: str = "r1"
    task_id: str = ""
    map_index: int = -1
    try_number: int = 1
    pushed: dict[str, Any] = field(default_factory=dict)
    pulled: dict[str, Any] = field(default_factory=dict)

    def xcom_push(self, key: str, value: Any) -> None:
        self.pushed[key] = value

    def xcom_pull(self, task_ids: str) -> Any:
        return self.pulled.get(task_ids)


class FakeDagRun:
    """A run that somebody triggered."""

    triggering_user_name = "alice"
    run_type = "manual"


class FakeEvents(dict):  # type: ignore[type-arg]
    """Outlet events: keeps the assets that were told."""

    def __missing__(self, key: Any) -> FakeEvent:
        self[key] = FakeEvent()
        return self[key]


class FakeEvent:
    """The events of one alias."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def add(self, asset: Any, extra: dict[str, Any] | None = None) -> None:
        self.told.append((asset.uri, extra))


def context(task: Any, **given: Any) -> dict[str, Any]:
    """A context for one task; ``given`` goes to its task instance."""
    held = task if task.has_dag() else FakeTask(task)
    instance = FakeInstance(task=held, task_id=task.task_id, **given)
    return {"ti": instance, "dag_run": FakeDagRun(), "outlet_events": FakeEvents()}
