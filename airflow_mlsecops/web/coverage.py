"""Tasks that read a dataset which no gate before them looked at: pure."""

from __future__ import annotations

from collections.abc import Collection

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.web.dag_structure import Structure


class Uncovered(Frozen):
    """A task, and what it reads without a gate."""

    task: str
    reads: tuple[str, ...]


def uncovered(structure: Structure, spoke: Collection[str]) -> tuple[Uncovered, ...]:
    """Tasks that say to read what no gate upstream of them reads.

    :param spoke: tasks that are gates or sealed, as their records say: a seal names the gates that it asks for itself
    """
    gates = {task.task_id: [_place(uri) for uri in task.reads] for task in structure.tasks if task.gate}
    found = []
    for task in structure.tasks:
        if task.gate or task.task_id in spoke or not task.reads:
            continue
        looked_at = [place for gate in structure.before(task.task_id) for place in gates.get(gate, ())]
        bare = tuple(uri for uri in task.reads if not any(_holds(place, _place(uri)) for place in looked_at))
        if bare:
            found.append(Uncovered(task=task.task_id, reads=bare))
    return tuple(found)


def _place(uri: str) -> str:
    """Where a dataset lies, whichever connection leads there; of what is no dataset string the string."""
    try:
        dataset = parse(uri)
    except ValueError:
        return uri
    return f"{dataset.store}://{dataset.path}".rstrip("/")


def _holds(place: str, other: str) -> bool:
    return other == place or other.startswith(f"{place}/")
