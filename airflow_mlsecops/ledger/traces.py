"""What can be followed through the ledger: classes in columns, sealed tasks, waivers that were used."""

from __future__ import annotations

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level


class Sighted(Frozen):
    """One class in one column of one dataset, as the scans of one Dag saw it.

    :param level: as the last record says; ``None`` where it names none
    :param first: ISO moment (UTC) of the first record that saw it, ``last`` of the last; in the order of the ledger
    :param runs: in how many runs it was seen
    :param rows: rows that held it, of ``of`` rows, as the last record counted
    :param parent: where it came from, as the newest record says that compared; empty if none did
    """

    dataset: str
    environment: str
    dag_id: str
    column: str
    entity: str
    level: Level | None
    first: str
    last: str
    first_sequence: int
    last_sequence: int
    runs: int
    rows: int | None
    of: int | None
    parent: str = ""
    parent_column: str = ""


class Consumed(Frozen):
    """One sealed task on one dataset.

    :param first: ISO moment (UTC) of the first record of its seal, ``last`` of the last
    :param runs: in how many runs its seal let it through
    :param stopped: in how many runs its seal only stopped it
    :param makes: what it makes, as the newest record says that let it through and knows: URIs
    """

    dataset: str
    environment: str
    dag_id: str
    task_id: str
    first: str
    last: str
    runs: int
    stopped: int
    last_sequence: int
    makes: tuple[str, ...] = ()


class Places(Frozen):
    """What can be asked for; the names of rows, which no record has confirmed.

    :param datasets: names of those that a gate spoke of last, so many as can be chosen from
    :param count: how many datasets there are
    :param entities: classes that the newest scans saw
    """

    datasets: tuple[str, ...]
    count: int
    entities: tuple[str, ...]
