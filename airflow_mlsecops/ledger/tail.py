"""The end of the chain, where writers add."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger import chain
from airflow_mlsecops.ledger.schema import rows, tables
from airflow_mlsecops.ledger.verification import Head

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select


def head_of(connection: Connection) -> Head:
    """The head row, as it is.

    :raises LedgerTampered: if there is no such row
    """
    return _as_head(rows(connection, tables().head.select()))


def _as_head(found: list[dict[str, Any]]) -> Head:
    if len(found) != 1 or not isinstance(found[0]["sequence"], int) or not isinstance(found[0]["hash"], str):
        raise LedgerTampered("the ledger's head row is gone or unreadable: restore it from a backup")
    return Head(sequence=found[0]["sequence"], hash=found[0]["hash"])


def locked_head(connection: Connection, record_id: str) -> Head:
    """The head row, locked until the end of the transaction.

    :raises LedgerTampered: if the chain does not end where it says
    :raises LedgerError: ``LEDGER_DUPLICATE`` if that record is there already
    """
    found = rows(connection, _tail_query(), {"record_id": record_id})
    head = _as_head(found)
    end = found[0]["last_sequence"], found[0]["last_hash"]
    if end != (head.sequence, head.hash) and (head, end) != (Head(), (None, None)):
        raise LedgerTampered(
            f"the ledger's head says {head.sequence}, its newest entry is {end[0] or 'not there'} or another; nothing "
            "is appended; run `airflow-mlsecops ledger verify`"
        )
    if found[0]["duplicate"]:
        raise LedgerError(f"the ledger already holds record {record_id}: append it once", code="LEDGER_DUPLICATE")
    return head


@cache
def _tail_query() -> Select[Any]:
    from sqlalchemy import bindparam, exists, select, true

    record, head, _ = tables()
    last = select(record.c.sequence, record.c.hash).order_by(record.c.sequence.desc()).limit(1).subquery()
    return (
        select(
            head.c.sequence,
            head.c.hash,
            last.c.sequence.label("last_sequence"),
            last.c.hash.label("last_hash"),
            exists().where(record.c.id == bindparam("record_id")).label("duplicate"),
        )
        .select_from(head.outerjoin(last, true()))
        .with_for_update(of=head)
    )


def insert(connection: Connection, entry: Entry, payload: bytes) -> None:
    """Put an entry at the end of the chain."""
    record, head, _ = tables()
    row = chain.row_of(entry, payload)
    connection.execute(record.insert(), row)
    connection.execute(
        _upsert(connection.dialect.name), {name: row[name] for name in ("dataset", "environment", "gate", "sequence")}
    )
    connection.execute(head.update(), {"sequence": entry.sequence, "hash": entry.hash})


@cache
def _upsert(dialect: str) -> Any:
    from sqlalchemy.dialects import postgresql, sqlite

    made: Any = (sqlite if dialect == "sqlite" else postgresql).insert(tables().current)
    key = ["dataset", "environment", "gate"]
    return made.on_conflict_do_update(index_elements=key, set_={"sequence": made.excluded.sequence})
