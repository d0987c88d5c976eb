"""What each task of a Dag said in the Dag's last runs: pure."""

from __future__ import annotations

from collections.abc import Sequence

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.ledger.dag_runs import Spoken

RUNS = 20


class Lately(Frozen):
    """One task's records of the last runs, the newest first.

    :param telling: the one that it is told by: the worst of the newest of each instance in its last run
    """

    task_id: str
    telling: Spoken
    spoken: tuple[Spoken, ...]

    @property
    def sealed(self) -> bool:
        """True of a sealed task."""
        return self.telling.gate is Gate.SEAL


_RANK = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS)


def last_runs_of(spoken: Sequence[Spoken]) -> tuple[str, ...]:
    """The last runs of a Dag, the newest first."""
    return tuple(dict.fromkeys(one.run_id for one in spoken))[:RUNS]


def lately(spoken: Sequence[Spoken], order: Sequence[str] = ()) -> tuple[Lately, ...]:
    """What each task said in the last runs, in the order of the Dag's tasks or else in which they first spoke.

    :param spoken: of the Dag, the newest first
    :param order: the Dag's tasks, each after all that it waits for, where that is known
    """
    runs = set(last_runs_of(spoken))
    of_task: dict[str, list[Spoken]] = {}
    for one in spoken:
        if one.run_id in runs and one.gate is not Gate.APPROVAL:
            of_task.setdefault(one.task_id, []).append(one)
    tasks = [Lately(task_id=task, telling=_worst_of_last(said), spoken=tuple(said)) for task, said in of_task.items()]
    place = {task_id: number for number, task_id in enumerate(order)}
    return tuple(
        sorted(
            tasks,
            key=lambda task: (place.get(task.task_id, len(place)), task.sealed, _first_of_last(task.spoken).sequence),
        )
    )


def worst_of(spoken: Sequence[Spoken], run_id: str) -> Spoken | None:
    """The worst of what the instances of a task said last in a run; ``None`` if none spoke."""
    newest: dict[int, Spoken] = {}
    for one in spoken:
        if one.run_id == run_id:
            newest.setdefault(one.map_index, one)
    return min(newest.values(), key=lambda one: (_RANK.index(one.outcome), -one.sequence), default=None)


def _worst_of_last(said: Sequence[Spoken]) -> Spoken:
    return worst_of(said, said[0].run_id) or said[0]


def _first_of_last(said: Sequence[Spoken]) -> Spoken:
    return [one for one in said if one.run_id == said[0].run_id][-1]


def shown_in_words(tasks: Sequence[Lately]) -> frozenset[int]:
    """Places of the records that a page tells: the last of each task, and of seals those that failed.

    A seal that failed may have kept its task from running or found that its data was changed: only its record says.
    """
    failing = {one.sequence for task in tasks if task.sealed for one in task.spoken if one.outcome is not Outcome.PASS}
    return frozenset({task.telling.sequence for task in tasks} | failing)
