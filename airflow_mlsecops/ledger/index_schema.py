"""Tables that the overview reads: made of records alone, so they can be made again; no gate ever reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


class IndexTables(NamedTuple):
    """The four tables of the index.

    ``standing`` has a row for each dataset, environment and Dag, with all that is counted, filtered and ordered by;
    ``state`` has the rest of it, which is wide and read for the lines of one page alone. ``day`` counts what gates said
    and took, by day, environment and Dag. ``indexed`` is the one row that says up to which record the others have come.
    """

    standing: Table
    state: Table
    day: Table
    indexed: Table


@cache
def index_tables() -> IndexTables:
    """The tables, as SQLAlchemy sees them."""
    from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, MetaData, Table, Text

    big = BigInteger().with_variant(Integer, "sqlite")
    metadata = MetaData()
    standing = Table(
        "mlsecops_standing",
        metadata,
        # A name may be longer than any index takes: ``line`` is the digest of dataset and environment.
        *(Column(name, Text, primary_key=True) for name in ("line", "dag_id")),
        *(Column(name, Text, nullable=False) for name in ("dataset", "environment", "time", "until", "classes")),
        *(Column(name, Integer, nullable=False) for name in ("mark", "observed", "level")),
        *(Column(name, big, nullable=False) for name in ("sequence", "telling")),
        Column("words", Text, nullable=False),
        sqlite_with_rowid=False,  # in the order of lines, in which they are counted
    )
    state = Table(
        "mlsecops_state",
        metadata,
        *(Column(name, Text, primary_key=True) for name in ("line", "dag_id")),
        Column("state", Text, nullable=False),
    )
    day = Table(
        "mlsecops_day",
        metadata,
        *(Column(name, Text, primary_key=True) for name in ("day", "dag_id", "environment")),
        *(Column(name, big, nullable=False) for name in AMOUNTS),
    )
    indexed = Table(
        "mlsecops_indexed",
        metadata,
        Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
        Column("sequence", big, nullable=False),
    )
    return IndexTables(standing, state, day, indexed)


AMOUNTS = ("runs", "passed", "failed", "unknown", "observed", "bytes", "milliseconds")


def line_of(dataset: str, environment: str) -> str:
    """What stands for a dataset in an environment."""
    digest = hashlib.sha256()
    for part in (dataset.encode("utf-8", "surrogateescape"), environment.encode("utf-8", "surrogateescape")):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:32]


def index_exists(connection: Connection) -> bool:
    """True if the index was created, whole as it is: in one transaction."""
    from sqlalchemy import inspect

    return inspect(connection).has_table("mlsecops_indexed")


def create_index(connection: Connection) -> None:
    """Create the index of a ledger that has none, empty."""
    if index_exists(connection):
        return
    made = index_tables()
    made.standing.metadata.create_all(connection)
    connection.execute(made.indexed.insert().values(id=1, sequence=0))


def may_index(connection: Connection) -> bool:
    """True if the index is there and this user may bring it up to date."""
    return index_exists(connection) and may_write(
        connection, ("mlsecops_standing", "mlsecops_state", "mlsecops_day"), pointer="mlsecops_indexed"
    )


def may_write(connection: Connection, names: Iterable[str], *, pointer: str) -> bool:
    """True if this user may add to tables and change them.

    :param names: of the tables, which are there
    :param pointer: a table whose one row must be changed alone
    """
    from sqlalchemy import text

    if connection.dialect.name != "postgresql":
        return True
    asked = {"names": [*names, pointer], "pointer": pointer}
    return bool(connection.execute(text(_MAY_WRITE), asked).scalar())


_MAY_WRITE = """
SELECT bool_and(has_table_privilege(to_regclass(name), 'SELECT')
    AND has_any_column_privilege(to_regclass(name), 'UPDATE')
    AND (name = :pointer OR has_table_privilege(to_regclass(name), 'INSERT')))
FROM unnest(CAST(:names AS text[])) AS needed(name)"""
