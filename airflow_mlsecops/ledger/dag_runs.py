"""What was said in the runs of one Dag, by the columns beside the records: for counts, never for words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from airflow_mlsecops.core.errors import LedgerTampered
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.ledger import chain
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.schema import rows, tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST = 5_000


class Spoken(Frozen):
    """One record by its columns alone, which nobody signed: whose words are shown is read through ``Ledger.told``.

    :param time: ISO moment (UTC)
    :param map_index: -1 for a task that is not mapped
    """

    sequence: int
    time: str
    run_id: str
    task_id: str
    map_index: int
    try_number: int
    gate: Gate
    outcome: Outcome
    enforced: bool
    environment: str

    @property
    def stops(self) -> bool:
        """True if its task did not succeed."""
        return self.enforced and self.outcome is not Outcome.PASS


_COLUMNS = tuple(Spoken.model_fields)


def spoken(
    connection: Connection, dag_id: str, *, run_id: str | None, task_id: str | None, limit: int
) -> tuple[Spoken, ...]:
    """The newest records of a Dag, newest first.

    :param task_id: of this task alone; without a run among the newest of the Dag: that it has many more makes no page
        slow
    :raises LedgerTampered: if a column holds what no record says
    """
    from sqlalchemy import select

    record = tables().record
    # The index has the Dag and the run: the newest are found in it before any row is read.
    newest = select(record.c.sequence).where(record.c.dag_id == dag_id)
    of_task = [record.c.task_id == task_id] if task_id is not None else []
    if run_id is not None:
        newest = newest.where(record.c.run_id == run_id, *of_task)
    within = newest.order_by(record.c.sequence.desc()).limit(limit).subquery("newest")
    columns = (record.c[name] for name in _COLUMNS)
    query = select(*columns).join(within, within.c.sequence == record.c.sequence).where(*of_task)
    found = rows(connection, query.order_by(record.c.sequence.desc()))
    try:
        return tuple(Spoken.model_validate(row) for row in found)
    except ValueError:
        raise LedgerTampered(f"a record of {dag_id} has columns that none is written with") from None


def told(connection: Connection, sequences: Iterable[int], keyring: Keyring) -> Mapping[int, Entry]:
    """Those entries, by their place; one that does not verify is left out, and so told as such."""
    record = tables().record
    wanted = sorted(set(sequences))
    found = rows(connection, record.select().where(record.c.sequence.in_(wanted))) if wanted else []
    entries = {}
    for row in found:
        try:
            entries[row["sequence"]] = chain.believed(row, keyring)
        except LedgerTampered:
            continue  # whoever asked for it says that it does not verify
    return entries
