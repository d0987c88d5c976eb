"""Runs of a DAG through Airflow itself, and what they left: task states, ledger records, models."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_mlsecops.core.record import Entry, Record

DAG_ID = "churn_retraining"


@dataclass(frozen=True)
class Run:
    """What one run left behind.

    :param states: of its tasks, by task id
    :param entries: the newest ledger entry of each task that wrote one
    :param trained: whether any model file was written, changed or removed
    """

    dag_id: str
    run_id: str
    day: date
    states: Mapping[str, str]
    entries: Mapping[str, Entry]
    trained: bool
    seconds: float

    @property
    def records(self) -> dict[str, Record]:
        """The records alone."""
        return {task_id: entry.record for task_id, entry in self.entries.items()}

    def blocking(self) -> dict[str, set[str]]:
        """Codes of what blocked, by task id; a task that passed has none."""
        return {
            task_id: {finding.code for finding in record.verdict.findings if finding.blocks}
            for task_id, record in self.records.items()
        }


def start_airflow() -> None:
    """Make Airflow's database."""
    from airflow.utils.db import initdb

    initdb()


def run(
    file: Path,
    day: date,
    *,
    models: Path,
    dag_id: str = DAG_ID,
    conf: dict[str, Any] | None = None,
    marked: str | None = None,
) -> Run:
    """Run a DAG for one day, in this process.

    :param file: where the DAG is; it is parsed anew
    :param models: folder that training writes into
    :param conf: parameters of the run
    :param marked: pattern of task ids that are marked as success instead of being run
    """
    started = datetime.now(UTC)
    dag = _load(file, dag_id)
    before = contents(models)
    ran = dag.test(
        logical_date=datetime(day.year, day.month, day.day, tzinfo=UTC), run_conf=conf, mark_success_pattern=marked
    )
    return Run(
        dag_id=dag_id,
        run_id=ran.run_id,
        day=day,
        states={instance.task_id: str(instance.state) for instance in ran.get_task_instances()},
        entries=_entries(dag_id, ran.run_id, started),
        trained=contents(models) != before,
        seconds=(datetime.now(UTC) - started).total_seconds(),
    )


def contents(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file below a folder with its time of change and the digest of its bytes."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@contextmanager
def opened_ledger() -> Iterator[Any]:
    """The ledger, as the gates see it."""
    from airflow_mlsecops.hook import MlsecopsHook

    ledger = MlsecopsHook().ledger()
    try:
        yield ledger
    finally:
        ledger.close()


def _load(file: Path, dag_id: str) -> Any:
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

    bag = DagBag(str(file))
    if bag.import_errors:
        raise RuntimeError(f"{file.name} does not import: {bag.import_errors}")
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(bag, "dags-folder", None)
    return bag.dags[dag_id]


def _entries(dag_id: str, run_id: str, since: datetime) -> dict[str, Entry]:
    with opened_ledger() as ledger:
        newest_first = ledger.history(dag_id=dag_id, run_id=run_id, since=since)
    return {entry.record.run.task_id: entry for entry in reversed(newest_first)}
