"""Append-only proof of what gates said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.record import Entry, Record
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.ledger import chain
from airflow_mlsecops.ledger.anchor import Anchor
from airflow_mlsecops.ledger.dag_runs import MOST, Spoken, spoken, told
from airflow_mlsecops.ledger.database import Database
from airflow_mlsecops.ledger.dataset import Found, Wanted
from airflow_mlsecops.ledger.dataset_look import look_at
from airflow_mlsecops.ledger.followed import Followed
from airflow_mlsecops.ledger.indexes import ALL, Made, advance, begin_anew, keep_up
from airflow_mlsecops.ledger.keys import Keyring, Signer
from airflow_mlsecops.ledger.overview import Asked, Overview
from airflow_mlsecops.ledger.overview_look import datasets_of, look
from airflow_mlsecops.ledger.schema import create, exists, rows, tables
from airflow_mlsecops.ledger.tail import head_of, insert, locked_head
from airflow_mlsecops.ledger.verification import Head, Verification
from airflow_mlsecops.ledger.verify import verify_chain, verify_tail

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


def open_ledger(
    url: str, *, signer: Signer | None, keyring: Keyring, timeout: float = 10.0, anchor: Anchor | None = None
) -> Ledger:
    """Open a ledger; the first to come creates it.

    :param url: SQLAlchemy URL of SQLite or PostgreSQL
    :param signer: signs what is appended; ``None`` opens for reading alone
    :param keyring: the keys whose records are believed
    :param timeout: seconds that any answer may take
    :param anchor: keeps every head once more
    :raises LedgerError: if it cannot be opened in time
    """
    database = Database(url, timeout)
    try:
        database.prepare(exists, create)
        made = _made(database)
    except LedgerError:
        database.close()
        raise
    return Ledger(database, signer, keyring, anchor, made=made)


class Ledger(Followed):
    """One chain of signed records; what is read back has been checked."""

    def __init__(
        self,
        database: Database,
        signer: Signer | None,
        keyring: Keyring,
        anchor: Anchor | None,
        *,
        made: tuple[Made, ...],
    ) -> None:
        self._database, self._signer, self._keyring, self._anchor = database, signer, keyring, anchor
        self._made = made

    @property
    def indexed(self) -> bool:
        """True if this user may bring on all that is made of records: the overview's index, and the trace."""
        return self._made == ALL

    def append(self, record: Record) -> Entry:
        """Sign a record into the chain; when this returns, it is durable.

        :raises LedgerError: if the ledger did not acknowledge it in time, or there is no key to sign with; after
            ``LEDGER_TIMEOUT`` or ``ANCHOR_UNAVAILABLE`` the record may be there: ask for ``entry(record.id)``
        """
        signer = self._signer
        if signer is None:
            raise LedgerError(
                "this ledger was opened without a signing key, so nothing can be appended: put the private key into "
                "the password field of the MLSecOps connection",
                code="NO_SIGNING_KEY",
            )
        record, payload = chain.read_back(record)

        def work(connection: Connection) -> Entry:
            head = locked_head(connection, record.id)
            entry = chain.entry_of(record, payload, head, signer, self._keyring)
            insert(connection, entry, payload)
            if self._made:
                keep_up(connection, self._keyring, entry, self._made)
            return entry

        entry = self._database.write(work)
        if self._anchor is not None:
            self._anchor.write(Head(sequence=entry.sequence, hash=entry.hash))
        return entry

    def latest(self, dataset: str, environment: str, gate: Gate | None = None) -> Entry | None:
        """The newest entry of a dataset in an environment.

        :param dataset: connection-free identity
        :param gate: of that gate; of any, if not given
        :raises LedgerTampered: if it does not verify, or is not the one that the ledger says is current
        """
        named = {"dataset": dataset, "environment": environment, "gate": gate}

        def work(connection: Connection) -> tuple[chain.Row | None, object]:
            return _newest_row(connection, named), _current_sequence(connection, named)

        row, current = self._database.read(work)
        # An edited column hides a record from a query; the current row still remembers it.
        if current != (row and row["sequence"]):
            raise LedgerTampered(
                f"the newest entry of {dataset} in {environment} is {row['sequence'] if row else 'not there'}, but its "
                "current row points elsewhere; run `airflow-mlsecops ledger verify`"
            )
        return None if row is None else chain.believed(row, self._keyring)

    def history(
        self,
        *,
        dataset: str | None = None,
        environment: str | None = None,
        dag_id: str | None = None,
        run_id: str | None = None,
        task_id: str | None = None,
        map_index: int | None = None,
        gate: Gate | None = None,
        outcome: Outcome | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> tuple[Entry, ...]:
        """Entries that fit all that is given, newest first.

        :param map_index: of that instance of a mapped task, or of a task that is not mapped
        :param since: at that moment or later, by the record's own time
        :raises LedgerTampered: if any of them does not verify
        """
        named = {
            "dataset": dataset,
            "environment": environment,
            "dag_id": dag_id,
            "run_id": run_id,
            "task_id": task_id,
            "gate": gate,
            "outcome": outcome,
        }
        record = tables().record
        query = record.select().where(*_named(record, named)).order_by(record.c.sequence.desc()).limit(limit)
        if since is not None:
            query = query.where(record.c.time >= chain.moment(since))
        if map_index is not None:
            query = query.where(record.c.map_index.in_({-1, map_index}))
        found = self._database.read(lambda connection: rows(connection, query))
        return tuple(chain.believed(row, self._keyring) for row in found)

    def entry(self, record_id: str) -> Entry | None:
        """The entry of that record, if it is there.

        :raises LedgerTampered: if it does not verify
        """
        record = tables().record
        query = record.select().where(record.c.id == record_id)
        found = self._database.read(lambda connection: rows(connection, query))
        return chain.believed(found[0], self._keyring) if found else None

    def spoken(
        self, dag_id: str, *, run_id: str | None = None, task_id: str | None = None, limit: int = MOST
    ) -> tuple[Spoken, ...]:
        """What was said in a Dag's runs, newest first, by columns that nobody signed: for counts, never for words.

        :param task_id: of this task alone; without ``run_id`` among the newest records of the Dag
        :param limit: records to look at
        """
        return self._database.read(
            lambda connection: spoken(connection, dag_id, run_id=run_id, task_id=task_id, limit=limit)
        )

    def told(self, sequences: Iterable[int]) -> Mapping[int, Entry]:
        """Entries by their places in the chain; one that does not verify is not among them."""
        return self._database.read(lambda connection: told(connection, sequences, self._keyring))

    def bring_index_on(self, most: int = 2_000) -> int:
        """Bring the overview's index and the trace on by at most so many records: after an upgrade, or older writers.

        :returns: how many records there were to read; 0 where this user may write neither
        """
        if not self._made:
            return 0
        return self._database.write(lambda connection: advance(connection, self._keyring, most, self._made))

    def begin_index_anew(self) -> None:
        """Empty the overview's index and the trace, which :meth:`bring_index_on` then makes again of the records.

        :raises LedgerTampered: ``INDEX_AHEAD`` if they know of a record that the chain has not
        :raises LedgerError: ``LEDGER_DENIED`` if this user may not empty them
        """
        self._database.write(lambda connection: begin_anew(connection, self._made))

    def overview(self, asked: Asked) -> Overview:
        """How datasets stand, within the Dags that may be seen.

        :raises LedgerError: ``INDEX_ABSENT`` if the ledger has no index, and this user may not create one
        """
        return self._database.read(lambda connection: look(connection, asked, self._keyring))

    def dataset(self, wanted: Wanted) -> Found | None:
        """How one dataset stands, within the Dags that may be seen; ``None`` if none of them has looked at it.

        :raises LedgerError: ``INDEX_ABSENT`` if the ledger has no index, and this user may not create one
        """
        return self._database.read(lambda connection: look_at(connection, wanted, self._keyring))

    def datasets(self, dags: frozenset[str]) -> frozenset[str]:
        """Identities of the datasets that gates of these Dags have looked at.

        :raises LedgerError: ``INDEX_ABSENT`` if the ledger has no index, and this user may not create one
        """
        return self._database.read(lambda connection: datasets_of(connection, dags))

    def head(self) -> Head:
        """Where the chain ends, as the ledger says: log it or keep it, and a cut tail shows.

        :raises LedgerTampered: if there is no such row
        """
        return self._database.read(head_of)

    def verify(self, anchor: Head | None = None) -> Verification:
        """Read the whole chain and say everything that does not agree.

        :param anchor: a head seen earlier, which must still be in the chain; those of ``open_ledger``'s anchor are too
        """
        # Before the snapshot: what is anchored while we read need not be in it.
        seen = [*([anchor] if anchor else []), *(self._anchor.heads() if self._anchor else [])]
        with self._database.snapshot() as ask:
            return verify_chain(ask, self._keyring, seen)

    def require_unbroken(self, since: Entry) -> None:
        """Read everything after an entry, so that nothing newer can be hidden from a query by an edited column.

        :param since: an entry that was read back, and so is believed
        :raises LedgerTampered: naming the first entry that does not verify, or that an anchor has seen and is gone
        """
        start = Head(sequence=since.sequence, hash=since.hash)
        # Before the snapshot: what is anchored while we read need not be in it.
        seen = [head for head in self._anchor.heads() if head.sequence >= start.sequence] if self._anchor else []
        with self._database.snapshot() as ask:
            problems = verify_tail(ask, self._keyring, start, seen)
        if problems:
            raise LedgerTampered(
                f"entry {problems[0].sequence}: {problems[0].detail}; run `airflow-mlsecops ledger verify`"
            )

    def close(self) -> None:
        """Close the ledger's connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _made(database: Database) -> tuple[Made, ...]:
    """What is there beside the chain, or could be made, and this user may write; a gate does its work without."""
    for made in ALL:
        try:
            database.prepare(made.exists, made.create)
        except LedgerError as error:
            if error.code not in ("LEDGER_DENIED", "LEDGER_READ_ONLY"):
                raise
    return database.read(lambda connection: tuple(made for made in ALL if made.writable(connection)))


def _named(table: Any, named: dict[str, Any]) -> list[ColumnElement[bool]]:
    return [table.c[name] == str(value) for name, value in named.items() if value is not None]


def _newest_row(connection: Connection, named: dict[str, Any]) -> chain.Row | None:
    record = tables().record
    query = record.select().where(*_named(record, named)).order_by(record.c.sequence.desc()).limit(1)
    return next(iter(rows(connection, query)), None)


def _current_sequence(connection: Connection, named: dict[str, Any]) -> object:
    from sqlalchemy import func, select

    current = tables().current
    return connection.execute(select(func.max(current.c.sequence)).where(*_named(current, named))).scalar()
