"""What is made of records beside the chain, brought up to date in its order: the overview's index, and the trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_mlsecops.core.errors import LedgerTampered
from airflow_mlsecops.core.record import Entry, Record
from airflow_mlsecops.ledger import chain, index, tracing
from airflow_mlsecops.ledger.index_schema import create_index, index_exists, index_tables, may_index
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.schema import rows, tables
from airflow_mlsecops.ledger.tail import head_of
from airflow_mlsecops.ledger.trace_schema import create_trace, may_trace, trace_exists, trace_tables
from airflow_mlsecops.ledger.upsert import Rows, Target, put

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Select, Table

Entries = list[tuple[Record, int]]


class Made(NamedTuple):
    """One of them.

    :param tables: all of them
    :param pointer: that of one row, which says up to which record the others have come
    :param seen: columns that name records
    :param take: what records that are believed come to, with what is there
    :param writable: true if it is there, and this user may bring it on
    """

    exists: Callable[[Connection], bool]
    create: Callable[[Connection], None]
    writable: Callable[[Connection], bool]
    tables: Callable[[], tuple[Table, ...]]
    pointer: Callable[[], Table]
    seen: Callable[[], tuple[Column[int], ...]]
    take: Callable[[Connection, Entries], dict[Target, Rows]]


INDEX = Made(
    index_exists,
    create_index,
    may_index,
    tables=index_tables,
    pointer=lambda: index_tables().indexed,
    seen=lambda: (index_tables().indexed.c.sequence, index_tables().standing.c.sequence),
    take=index.count,
)
TRACE = Made(
    trace_exists,
    create_trace,
    may_trace,
    tables=trace_tables,
    pointer=lambda: trace_tables().traced,
    seen=lambda: (trace_tables().traced.c.sequence, trace_tables().trail.c.last_sequence),
    take=tracing.follow,
)
ALL = (INDEX, TRACE)


def advance(connection: Connection, keyring: Keyring, most: int, some: tuple[Made, ...] = ALL) -> int:
    """Bring them on by at most so many records; a record that does not verify counts for nothing.

    Those that have come equally far read the records together.

    :returns: how many were read
    """
    left = most
    for start, together in _by_start(connection, some).items():
        left -= _step(connection, keyring, start, left, together)
    return most - left


def keep_up(connection: Connection, keyring: Keyring, entry: Entry, some: tuple[Made, ...] = ALL) -> None:
    """Bring them on beside an append, which they must not stop: what fails here is undone alone, and tried again.

    :param entry: what was appended
    :raises SQLAlchemyError: if more than that was undone: then there is nothing to commit
    """
    from sqlalchemy.exc import SQLAlchemyError

    beside = connection.begin_nested()
    try:
        _wait_briefly(connection)
        for start, together in _by_start(connection, some).items():
            if start == entry.sequence - 1:  # nothing but it is new, and it need not be read
                _go_on(connection, together, [(entry.record, entry.sequence)], entry.sequence)
            else:
                _step(connection, keyring, start, _CATCH_UP, together)
        beside.commit()
    except (SQLAlchemyError, OverflowError):
        beside.rollback()


_CATCH_UP = 50  # records that one append may bring them on by: its own, and some that older writers left out


def begin_anew(connection: Connection, some: tuple[Made, ...] = ALL) -> None:
    """Empty them, so that they are made of the first record on.

    :raises LedgerTampered: ``INDEX_AHEAD`` if they know of a record that the chain has not: they may be all that tells
    """
    _locked_starts(connection, some)  # while appends wait for them, the chain cannot fall behind what they know
    end = head_of(connection).sequence
    known = max((_known(connection, made) for made in some), default=0)
    if known > end:
        raise LedgerTampered(
            f"the overview's index knows of entry {known}, and the chain ends at {end}: the tail was cut, or the index "
            "was changed. It was left as it is, for nothing else may tell: compare the ledger with a backup. Where its "
            "chain is whole, delete the rows that know more",
            code="INDEX_AHEAD",
        )
    for made in some:
        pointer = made.pointer()
        for table in made.tables():
            if table is not pointer:  # whose row appends wait for
                connection.execute(table.delete())
        if not connection.execute(pointer.update().values(sequence=0)).rowcount:
            connection.execute(pointer.insert().values(id=1, sequence=0))


def _known(connection: Connection, made: Made) -> int:
    """The newest record that it knows of."""
    from sqlalchemy import func, select

    return max(_number(connection, select(func.max(column))) or 0 for column in made.seen())


def come_to(connection: Connection, made: Made) -> int | None:
    """Up to which record it has come; ``None`` if it is not there or does not say so."""
    from sqlalchemy import select

    return _number(connection, select(made.pointer().c.sequence)) if made.exists(connection) else None


def _wait_briefly(connection: Connection) -> None:
    from sqlalchemy import text

    if connection.dialect.name == "postgresql":  # SQLite has one lock, which is ours already
        connection.execute(text(_BRIEFLY))


_BRIEFLY = "SELECT set_config('lock_timeout', '500', true), set_config('statement_timeout', '1000', true)"


def _by_start(connection: Connection, some: tuple[Made, ...]) -> dict[int, list[Made]]:
    together: dict[int, list[Made]] = {}
    for made, start in zip(some, _locked_starts(connection, some), strict=True):
        if start is not None:
            together.setdefault(start, []).append(made)
    return together


def _locked_starts(connection: Connection, some: tuple[Made, ...]) -> list[int | None]:
    """Up to where each has come; ``None`` if it does not say so: from anywhere else, days would count twice."""
    found = connection.execute(_starts_query(some)).first()
    if found is None:  # the row of one of them is gone
        return [_number(connection, _starts_query((made,))) for made in some]
    return [start if isinstance(start, int) else None for start in found]


@cache
def _starts_query(some: tuple[Made, ...]) -> Select[Any]:
    from sqlalchemy import select

    first, *others = pointers = [made.pointer() for made in some]
    same = (other.c.id == first.c.id for other in others)
    return select(*(pointer.c.sequence for pointer in pointers)).where(*same).with_for_update()


def _number(connection: Connection, query: Select[tuple[int]]) -> int | None:
    found = connection.execute(query).scalar()
    return found if isinstance(found, int) else None


def _step(connection: Connection, keyring: Keyring, start: int, most: int, together: list[Made]) -> int:
    record = tables().record
    query = record.select().where(record.c.sequence > start).order_by(record.c.sequence).limit(most)
    found = rows(connection, query) if most > 0 else []
    if found:
        _go_on(connection, together, list(_believed(found, keyring)), found[-1]["sequence"])
    return len(found)


def _go_on(connection: Connection, together: list[Made], entries: Entries, sequence: int) -> None:
    changes: dict[Target, Rows] = {}
    for made in together:
        changes |= made.take(connection, entries)
    put(connection, changes, tuple(made.pointer() for made in together), sequence)


def _believed(found: Iterable[chain.Row], keyring: Keyring) -> Iterator[tuple[Record, int]]:
    for row in found:
        try:
            entry = chain.believed(row, keyring)
        except LedgerTampered:
            continue  # `ledger verify` names it
        yield entry.record, entry.sequence
