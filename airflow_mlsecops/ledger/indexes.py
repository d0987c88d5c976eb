"""What is made of records beside the chain, brought up to date in its order: the overview's index, and the trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from airflow_mlsecops.core.errors import LedgerTampered
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.ledger import chain, index, tracing
from airflow_mlsecops.ledger.index_schema import create_index, index_exists, index_tables, may_index
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.schema import rows, tables
from airflow_mlsecops.ledger.trace_schema import create_trace, may_trace, trace_exists, trace_tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select, Table

Entries = list[tuple[Record, int]]


class Made(NamedTuple):
    """One of them.

    :param pointer: its table of one row, which says up to which record it has come
    :param take: goes on by records that are believed
    :param writable: true if it is there, and this user may bring it on
    """

    exists: Callable[[Connection], bool]
    create: Callable[[Connection], None]
    writable: Callable[[Connection], bool]
    pointer: Callable[[], Table]
    take: Callable[[Connection, Entries], None]


INDEX = Made(index_exists, create_index, may_index, lambda: index_tables().indexed, index.count)
TRACE = Made(trace_exists, create_trace, may_trace, lambda: trace_tables().traced, tracing.follow)
ALL = (INDEX, TRACE)


def advance(connection: Connection, keyring: Keyring, most: int, some: Iterable[Made] = ALL) -> int:
    """Bring them on by at most so many records; a record that does not verify counts for nothing.

    Those that have come equally far read the records together.

    :returns: how many were read
    """
    left = most
    for start, together in _by_start(connection, some).items():
        left -= _step(connection, keyring, start, left, together)
    return most - left


def keep_up(connection: Connection, keyring: Keyring, some: Iterable[Made] = ALL) -> None:
    """Bring them on beside an append, which they must not stop: what fails here is undone alone, and tried again.

    :raises SQLAlchemyError: if more than that was undone: then there is nothing to commit
    """
    from sqlalchemy.exc import SQLAlchemyError

    beside = connection.begin_nested()
    try:
        _wait_briefly(connection)
        advance(connection, keyring, _CATCH_UP, some)
        beside.commit()
    except (SQLAlchemyError, OverflowError):
        beside.rollback()


_CATCH_UP = 50  # records that one append may bring them on by: its own, and some that older writers left out


def come_to(connection: Connection, made: Made) -> int | None:
    """Up to which record it has come; ``None`` if it is not there or does not say so."""
    from sqlalchemy import select

    return _number(connection, select(made.pointer().c.sequence)) if made.exists(connection) else None


def _wait_briefly(connection: Connection) -> None:
    from sqlalchemy import text

    if connection.dialect.name == "postgresql":  # SQLite has one lock, which is ours already
        connection.execute(text(_BRIEFLY))


_BRIEFLY = "SELECT set_config('lock_timeout', '500', true), set_config('statement_timeout', '1000', true)"


def _by_start(connection: Connection, some: Iterable[Made]) -> dict[int, list[Made]]:
    together: dict[int, list[Made]] = {}
    for made in some:
        start = _locked_start(connection, made)
        if start is not None:
            together.setdefault(start, []).append(made)
    return together


def _locked_start(connection: Connection, made: Made) -> int | None:
    """Up to where it has come; ``None`` if it does not say so: from anywhere else, days would count twice."""
    from sqlalchemy import select

    return _number(connection, select(made.pointer().c.sequence).with_for_update())


def _number(connection: Connection, query: Select[tuple[int]]) -> int | None:
    found = connection.execute(query).scalar()
    return found if isinstance(found, int) else None


def _step(connection: Connection, keyring: Keyring, start: int, most: int, together: Iterable[Made]) -> int:
    record = tables().record
    query = record.select().where(record.c.sequence > start).order_by(record.c.sequence).limit(most)
    found = rows(connection, query) if most > 0 else []
    if found:
        entries = list(_believed(found, keyring))
        for made in together:
            made.take(connection, entries)
            connection.execute(made.pointer().update().values(sequence=found[-1]["sequence"]))
    return len(found)


def _believed(found: Iterable[chain.Row], keyring: Keyring) -> Iterator[tuple[Record, int]]:
    for row in found:
        try:
            entry = chain.believed(row, keyring)
        except LedgerTampered:
            continue  # `ledger verify` names it
        yield entry.record, entry.sequence
