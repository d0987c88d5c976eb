"""Tables by which data is followed: made of records alone, so they can be made again; no gate ever reads them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from airflow_mlsecops.ledger.index_schema import may_write

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


class TraceTables(NamedTuple):
    """The three tables of the trace.

    ``trail`` has a row for each thing that is followed, by kind, dataset and Dag: when it was first and last said, by
    which records, in how many runs. What was said stands in those records, which are signed. ``answer`` says where the
    answers of people are. ``traced`` is the one row that says up to which record the others have come.
    """

    trail: Table
    answer: Table
    traced: Table


@cache
def trace_tables() -> TraceTables:
    """The tables, as SQLAlchemy sees them."""
    from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, MetaData, Table, Text

    big = BigInteger().with_variant(Integer, "sqlite")
    metadata = MetaData()
    trail = Table(
        "mlsecops_trail",
        metadata,
        # ``place`` is the digest of the dataset, ``trace`` that of the environment and what is followed.
        # It is first: without statistics SQLite takes a key that begins with the kind for as good as any index.
        *(Column(name, Text, primary_key=True) for name in ("place", "kind", "dag_id", "trace")),
        # ``called`` is the digest of the column's name, which may be one that no database stores.
        *(Column(name, Text, nullable=False) for name in ("dataset", "environment", "entity", "called")),
        *(Column(name, Text, nullable=False) for name in ("first", "last", "recent")),
        *(Column(name, big, nullable=False) for name in NUMBERS),
        Column("parent", Text, nullable=True),
        sqlite_with_rowid=False,
    )
    Index("mlsecops_trail_entity", trail.c.kind, trail.c.entity, trail.c.called)
    known = trail.c.parent.is_not(None)
    Index("mlsecops_trail_parent", trail.c.parent, trail.c.kind, sqlite_where=known, postgresql_where=known)
    answer = Table(
        "mlsecops_answer",
        metadata,
        Column("dag_id", Text, primary_key=True),
        Column("sequence", big, primary_key=True, autoincrement=False),
        *(Column(name, Text, nullable=False) for name in ("place", "time")),
    )
    traced = Table(
        "mlsecops_traced",
        metadata,
        Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
        Column("sequence", big, nullable=False),
    )
    return TraceTables(trail, answer, traced)


NUMBERS = ("first_sequence", "last_sequence", "telling", "runs", "off")
KEY = ("kind", "place", "dag_id", "trace")


def trace_exists(connection: Connection) -> bool:
    """True if the trace was created, whole as it is: in one transaction."""
    from sqlalchemy import inspect

    return inspect(connection).has_table("mlsecops_traced")


def create_trace(connection: Connection) -> None:
    """Create the trace of a ledger that has none, empty."""
    if trace_exists(connection):
        return
    made = trace_tables()
    made.trail.metadata.create_all(connection)
    connection.execute(made.traced.insert().values(id=1, sequence=0))


def may_trace(connection: Connection) -> bool:
    """True if the trace is there and this user may bring it up to date."""
    return trace_exists(connection) and may_write(
        connection, ("mlsecops_trail", "mlsecops_answer"), pointer="mlsecops_traced"
    )
