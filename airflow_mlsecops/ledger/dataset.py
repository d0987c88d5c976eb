"""What can be asked of one dataset, with what the ledger answers."""

from __future__ import annotations

from datetime import date

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger.overview import Line


class Wanted(Frozen):
    """One dataset, as some Dags see it.

    :param dags: the Dags that may be seen: nothing of any other is found, counted or compared
    :param today: a waiver that ends within 14 days of it is ending
    :param dataset: connection-free identity
    :param environment: empty: the one in which it stands worst
    :param dag_id: as that Dag alone sees it; empty: as all of them do
    :param partition: scans of that partition alone; ``None``: whatever the newest run looked at
    :param scan: id of a record: compare with its run; empty: with the scan before
    """

    dags: frozenset[str]
    today: date
    dataset: str
    environment: str = ""
    dag_id: str = ""
    partition: str | None = None
    scan: str = ""


class ScanRun(Frozen):
    """One run that scanned the dataset.

    :param id: of its newest record; ``time``: when that was written, ISO in UTC
    :param partitions: what it looked at, in name order
    """

    dag_id: str
    run_id: str
    id: str
    time: str
    sequence: int
    partitions: tuple[str, ...]


class Scans(Frozen):
    """Scanning records of a dataset, the newest of each task.

    :param entries: those that verify, the worst first
    :param unverified: how many do not
    :param left_out: how many more there are than a page reads
    """

    entries: tuple[Entry, ...] = ()
    unverified: int = 0
    left_out: int = 0


class Found(Frozen):
    """How one dataset stands.

    :param current: false if there are newer records than those that are counted
    :param hidden: true if the ledger says that a newer record exists than any query finds: somebody edited it
    :param environments: in which it stands, of those that may be seen
    :param line: its line on the overview
    :param now: the newest scanning run of each Dag
    :param blank: true if a newer scan than those read nothing
    :param runs: the last runs that scanned it, newest first; the first of them is compared with ``before``
    :param before_run: what is compared with, if there is anything
    :param partitions: that can be asked for, newest first
    :param access: the newest answer to who can read it
    """

    current: bool
    hidden: bool
    environment: str
    environments: tuple[str, ...]
    line: Line
    now: Scans
    blank: bool
    runs: tuple[ScanRun, ...]
    before_run: ScanRun | None
    before: Scans
    partitions: tuple[str, ...]
    access: Scans
