"""The tasks of a Dag as Airflow keeps them: what follows what, which is a gate, which reads a dataset.

Airflow declares no public way to ask this inside the API server. The names live here and nowhere else;
``tests/web/test_dag_structure.py`` fails with the first Airflow that moves them or changes what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any

from airflow_mlsecops.core.frozen import Frozen

_GATES = "airflow_mlsecops."


class Task(Frozen):
    """One task.

    :param gate: true of our own operators
    :param reads: URIs of the assets that it says to read
    """

    task_id: str
    gate: bool
    upstream: frozenset[str]
    reads: tuple[str, ...]


class Structure(Frozen):
    """The tasks of a Dag, each after all that it waits for."""

    tasks: tuple[Task, ...]

    def before(self, task_id: str) -> frozenset[str]:
        """Every task that runs before another."""
        upstream = {task.task_id: task.upstream for task in self.tasks}
        found: set[str] = set()
        left = list(upstream.get(task_id, ()))
        while left:
            one = left.pop()
            if one not in found:
                found.add(one)
                left += upstream.get(one, ())
        return frozenset(found)


def structure_of(dag_id: str) -> Structure | None:
    """The newest version of a Dag that Airflow has; ``None`` where it has none, or it cannot be told: never a guess."""
    from airflow.models.serialized_dag import SerializedDagModel

    try:
        dag = SerializedDagModel.get_dag(dag_id)
        return None if dag is None else _read(dag)
    except Exception:  # noqa: BLE001 - names that Airflow may change, and Dags that it cannot read; the page says so
        return None


def _read(dag: Any) -> Structure:
    tasks = {task_id: _task(task) for task_id, task in dag.task_dict.items()}
    order = TopologicalSorter({task_id: sorted(task.upstream) for task_id, task in sorted(tasks.items())})
    return Structure(tasks=tuple(tasks[task_id] for task_id in order.static_order()))


def _task(task: Any) -> Task:
    return Task(
        task_id=task.task_id,
        gate=str(task._task_module).startswith(_GATES),
        upstream=frozenset(task.upstream_task_ids),
        reads=tuple(_uris(task.inlets)),
    )


def _uris(inlets: Any) -> Iterator[str]:
    for inlet in inlets:
        if isinstance(uri := getattr(inlet, "uri", None), str):
            yield uri
