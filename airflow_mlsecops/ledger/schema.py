"""Tables of the ledger, which the database itself keeps append-only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_mlsecops.core.record import GENESIS

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Executable, Table


class Tables(NamedTuple):
    """The three tables.

    ``record`` holds the chain: ``payload`` is what is signed, the other columns are copies to query by. ``head`` is the
    one row that writers lock. ``current`` says which record is the newest of a dataset, environment and gate.
    """

    record: Table
    head: Table
    current: Table


@cache
def tables() -> Tables:
    """The tables, as SQLAlchemy sees them."""
    from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, Text

    def key() -> list[Column[str]]:
        return [Column(name, Text, primary_key=True) for name in ("dataset", "environment", "gate")]

    metadata = MetaData()
    record = Table("mlsecops_record", metadata, *_record_columns())
    Index("mlsecops_record_dataset", record.c.dataset, record.c.environment, record.c.sequence)
    Index("mlsecops_record_run", record.c.dag_id, record.c.run_id)
    head = Table(
        "mlsecops_head",
        metadata,
        Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
        Column("sequence", _big(), nullable=False),
        Column("hash", Text, nullable=False),
    )
    current = Table("mlsecops_current", metadata, *key(), Column("sequence", _big(), nullable=False))
    return Tables(record, head, current)


def exists(connection: Connection) -> bool:
    """True if the ledger was created, whole as it is: in one transaction."""
    from sqlalchemy import inspect

    return inspect(connection).has_table("mlsecops_head")


def create(connection: Connection) -> None:
    """Create the ledger in a transaction for which those who come first together have queued."""
    if exists(connection):
        return
    made, postgres = tables(), connection.dialect.name == "postgresql"
    made.record.metadata.create_all(connection)
    for statement in _postgres_triggers() if postgres else _sqlite_triggers().values():
        connection.exec_driver_sql(statement)
    connection.execute(made.head.insert().values(id=1, sequence=0, hash=GENESIS))


def missing_triggers(connection: Connection) -> tuple[str, ...]:
    """Names of the triggers that are gone, changed or switched off: without them the tables are not append-only."""
    from sqlalchemy import text

    if connection.dialect.name == "postgresql":
        enabled = set(connection.execute(text(_POSTGRES_ENABLED)).scalars())
        return tuple(sorted(set(_postgres_names()) - enabled))
    found = rows(connection, text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    there = {(row["name"], row["sql"]) for row in found}
    return tuple(sorted(name for name, sql in _sqlite_triggers().items() if (name, sql) not in there))


def rows(connection: Connection, query: Executable, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """What a query finds, each row by its columns' names."""
    return [dict(row) for row in connection.execute(query, values).mappings()]


def _record_columns() -> list[Column[str] | Column[int]]:
    from sqlalchemy import Column, Integer, Text

    def words(*names: str) -> list[Column[str]]:
        return [Column(name, Text, nullable=False) for name in names]

    # Time is ISO 8601 in UTC with microseconds, which sorts as text; truth is 0 or 1: a database's own types for both
    # would read an edited 2 as true, and fail on an edited date before it could be called edited.
    return [
        Column("sequence", _big(), primary_key=True, autoincrement=False),
        Column("id", Text, nullable=False, unique=True),
        *words("time", "dag_id", "run_id", "task_id"),
        *(Column(name, Integer, nullable=False) for name in ("map_index", "try_number")),
        *words("gate", "outcome"),
        Column("enforced", Integer, nullable=False),
        *words("dataset", "partition", "environment", "fingerprint"),
        Column("parts", _big(), nullable=False),
        *words("ruleset", "policy", "job", "producer", "payload", "previous", "hash", "key_id", "signature"),
    ]


def _big() -> Any:
    from sqlalchemy import BigInteger, Integer

    # SQLite's rowid alias must be declared INTEGER.
    return BigInteger().with_variant(Integer, "sqlite")


def _sqlite_triggers() -> dict[str, str]:
    """Triggers by name: no deletion, no update that does not go forward, no ``INSERT OR REPLACE`` of a record."""
    raised = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    taken = "EXISTS (SELECT 1 FROM mlsecops_record WHERE sequence = NEW.sequence OR id = NEW.id)"
    conditions = {
        "mlsecops_record_insert": f"INSERT ON mlsecops_record WHEN {taken}",
        **{f"{table}_update": f"UPDATE ON {table} WHEN {backward}" for table, backward in _BACKWARD.items()},
        **{f"{table}_delete": f"DELETE ON {table}" for table in _BACKWARD},
    }
    return {name: f"CREATE TRIGGER {name} BEFORE {condition} {raised}" for name, condition in conditions.items()}


def _postgres_names() -> tuple[str, ...]:
    return tuple(f"{table}_{action}" for table in _BACKWARD for action in ("update", "delete", "truncate"))


def _postgres_triggers() -> list[str]:
    return [_POSTGRES_FUNCTION, *(statement for table in _BACKWARD for statement in _postgres_triggers_of(table))]


def _postgres_triggers_of(table: str) -> list[str]:
    call = "EXECUTE FUNCTION mlsecops_refuse()"
    return [
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({_BACKWARD[table]}) {call}",
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
        # ALWAYS: session_replication_role = replica switches ordinary triggers off.
        *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{do}" for do in ("update", "delete", "truncate")),
    ]


# What an update must not be: of a record none at all, of the head any but one entry on, of a current row any but to a
# newer record of the same dataset, environment and gate.
_BACKWARD = {
    "mlsecops_record": "OLD.sequence = OLD.sequence",
    "mlsecops_head": "NEW.sequence <> OLD.sequence + 1 OR NEW.id <> OLD.id",
    "mlsecops_current": (
        "NEW.sequence <= OLD.sequence OR NEW.dataset <> OLD.dataset OR NEW.environment <> OLD.environment "
        "OR NEW.gate <> OLD.gate"
    ),
}
_POSTGRES_ENABLED = """
SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'
AND tgrelid IN (to_regclass('mlsecops_record'), to_regclass('mlsecops_head'), to_regclass('mlsecops_current'))"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION mlsecops_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$"""
