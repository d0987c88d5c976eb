"""The way of a Dag's data to training, as columns of tasks: pure."""

from __future__ import annotations

from collections.abc import Mapping

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.web.dag_structure import Structure, Task

MOST_STEPS = 40


class Step(Frozen):
    """One task on the way.

    :param kind: ``gate``, ``sealed``, or ``work`` for any other
    :param href: of the tab of a gate or a sealed task, relative to Airflow's root
    """

    task: str
    kind: str
    mark: str = ""
    word: str = ""
    href: str = ""


def flow(structure: Structure, told: Mapping[str, Step]) -> tuple[tuple[tuple[Step, ...], ...], int]:
    """The gates, the sealed tasks and all that runs before them, by how many tasks each waits for in a row.

    :param told: the gates and sealed tasks that have spoken, by task
    :returns: the columns, and how many steps are left out
    """
    asked = [task.task_id for task in structure.tasks if task.gate or task.task_id in told]
    wanted = set(asked).union(*(structure.before(task_id) for task_id in asked))
    depth: dict[str, int] = {}
    for task in structure.tasks:
        depth[task.task_id] = 1 + max((depth[one] for one in task.upstream if one in depth), default=-1)
    shown = [task for task in structure.tasks if task.task_id in wanted]
    columns: dict[int, list[Step]] = {}
    for task in sorted(shown, key=lambda task: depth[task.task_id])[:MOST_STEPS]:
        step = told.get(task.task_id) or _silent(task)
        columns.setdefault(depth[task.task_id], []).append(step)
    return tuple(tuple(columns[place]) for place in sorted(columns)), max(0, len(shown) - MOST_STEPS)


def _silent(task: Task) -> Step:
    if task.gate:
        return Step(task=task.task_id, kind="gate", mark="none", word="Has not spoken")
    return Step(task=task.task_id, kind="work")
