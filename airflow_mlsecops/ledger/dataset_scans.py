"""Which records a page of one dataset is told by, chosen before any of them is read: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from airflow_mlsecops.core.gate import SCANS, Gate
from airflow_mlsecops.ledger.dataset import ScanRun, Wanted

MOST_RUNS = 14
MOST_SCANS = 100
MOST_PARTITIONS = 100
_RANK = {"fail": 0, "unknown": 1, "pass": 2}


class Glimpse(NamedTuple):
    """A record by the columns that repeat what it says; what is told of it comes from the record, once it verifies.

    :param read: true if it read anything
    """

    sequence: int
    id: str
    time: str
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    gate: str
    outcome: str
    partition: str
    read: bool


class Chosen(NamedTuple):
    """Sequences of records to read, the worst and newest first; and how many more there are."""

    sequences: tuple[int, ...] = ()
    left_out: int = 0


def scans_of(glimpses: Iterable[Glimpse], partition: str | None) -> tuple[Glimpse, ...]:
    """The scans that read something, the newest of each task of each run, newest first."""
    newest: dict[tuple[str, str, str, int, str], Glimpse] = {}
    for one in glimpses:
        if one.gate in SCANS and one.read and partition in (None, one.partition):
            key = (one.dag_id, one.run_id, one.task_id, one.map_index, one.gate)
            newest[key] = max(newest.get(key, one), one)
    return tuple(sorted(newest.values(), reverse=True))


def runs_of(scans: Sequence[Glimpse]) -> tuple[ScanRun, ...]:
    """The runs of those scans, newest first."""
    runs: dict[tuple[str, str], list[Glimpse]] = {}
    for one in scans:
        runs.setdefault((one.dag_id, one.run_id), []).append(one)
    return tuple(
        ScanRun(
            dag_id=dag_id,
            run_id=run_id,
            id=some[0].id,
            time=some[0].time,
            sequence=some[0].sequence,
            partitions=tuple(sorted({one.partition for one in some})),
        )
        for (dag_id, run_id), some in runs.items()
    )


def newest_of_each_dag(runs: Iterable[ScanRun]) -> tuple[ScanRun, ...]:
    """The newest run of each Dag, newest first."""
    newest: dict[str, ScanRun] = {}
    for run in runs:
        newest.setdefault(run.dag_id, run)
    return tuple(newest.values())


def before(runs: Sequence[ScanRun], scans: Sequence[Glimpse], wanted: Wanted) -> ScanRun | None:
    """The run to compare the newest with: the one asked for, else the one before of the same Dag."""
    if not runs:
        return None
    newest, *older = runs
    asked = next((one for one in scans if one.id == wanted.scan), None) if wanted.scan else None
    if asked is not None:
        return next((run for run in older if (run.dag_id, run.run_id) == (asked.dag_id, asked.run_id)), None)
    return next((run for run in older if run.dag_id == newest.dag_id), None)


def of_runs(scans: Iterable[Glimpse], runs: Iterable[ScanRun]) -> Chosen:
    """The scans of those runs, so many as a page reads."""
    wanted = {(run.dag_id, run.run_id) for run in runs}
    some = [one for one in scans if (one.dag_id, one.run_id) in wanted]
    some.sort(key=lambda one: (_RANK.get(one.outcome, 0), -one.sequence))
    return Chosen(tuple(one.sequence for one in some[:MOST_SCANS]), max(0, len(some) - MOST_SCANS))


def blank(glimpses: Iterable[Glimpse], now: Iterable[ScanRun], partition: str | None) -> bool:
    """True if a newer scan than those of a Dag's newest run read nothing."""
    newest = {run.dag_id: run.sequence for run in now}
    return any(
        one.gate in SCANS
        and not one.read
        and partition in (None, one.partition)
        and one.sequence > newest.get(one.dag_id, 0)
        for one in glimpses
    )


def partitions_of(scans: Iterable[Glimpse]) -> tuple[str, ...]:
    """What was looked at, newest first."""
    return tuple(dict.fromkeys(one.partition for one in scans if one.partition))[:MOST_PARTITIONS]


def access_of(glimpses: Iterable[Glimpse], most: int = 5) -> Chosen:
    """The newest answers of access gates: the first that asked who can read it counts."""
    asked = sorted((one.sequence for one in glimpses if one.gate == Gate.ACCESS), reverse=True)
    return Chosen(tuple(asked[:most]))
