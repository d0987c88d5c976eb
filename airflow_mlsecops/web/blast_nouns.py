"""What a blast radius consists of: the columns that were reached, the runs that used them, what was made of them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.frozen import Frozen


class How(StrEnum):
    """Why a column is in the trace."""

    SOURCE = "source"
    ORIGIN = "values compared"
    ALIKE = "same class, no value compared"


class Spot(NamedTuple):
    """One class in one column of a dataset in an environment."""

    dataset: str
    environment: str
    column: str
    entity: str


class Task(Frozen):
    """A sealed task, in the runs whose scans saw the class.

    :param ran: in how many of them its seal let it through; ``stopped``: in how many it only stopped it
    :param last: the last day on which it did the one or, where it never ran, the other
    :param makes: what it makes, where it ran and that is recorded
    """

    task_id: str
    ran: int
    stopped: int
    last: str
    makes: tuple[str, ...] = ()


class Runs(Frozen):
    """The runs of one Dag whose scans saw the class in the column, within the days that are asked about.

    :param count: how many; ``run_ids`` are those of them whose records were read, newest last
    :param stopped: how many of them a gate stopped; ``waived``: how many passed by a waiver alone
    :param cut: true if there are more records than were read: then there may be more of everything
    """

    dag_id: str
    count: int
    run_ids: tuple[str, ...]
    first: str
    last: str
    stopped: int
    waived: int
    tasks: tuple[Task, ...]
    cut: bool = False


class Node(Frozen):
    """A column that was reached.

    :param parent: the spot it came from; ``None`` for where the trace begins, and where no value was compared
    :param finding: what the newest scan said of it, where it said more than that it is there
    :param strangers: what the newest access gate said of readers whom the policy does not list
    """

    spot: Spot
    how: How
    parent: Spot | None
    rows: int | None
    of: int | None
    finding: Finding | None
    strangers: Finding | None
    runs: tuple[Runs, ...]

    @property
    def first(self) -> str:
        """The moment of the first record."""
        return min(runs.first for runs in self.runs)

    @property
    def last(self) -> str:
        """The moment of the last record."""
        return max(runs.last for runs in self.runs)


class Spread(Frozen):
    """How far it got.

    :param nodes: where it begins, what it reached in the order of the steps, then what is only called alike
    :param cut: true if the trace was ended before its end
    :param current: false if there are newer records than the trace knows
    :param datasets: how many datasets the Dags that may be seen have: among those it was looked for
    """

    nodes: tuple[Node, ...]
    cut: bool
    current: bool
    datasets: int
