"""Which tables reading one table reads."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.sources.dialects import dialect_of
from airflow_mlsecops.sources.failure import attempt

if TYPE_CHECKING:
    from airflow_mlsecops.sources.query import Reading


def touched(reading: Reading) -> frozenset[tuple[str, ...]]:
    """Every table that is read, views and partitions looked through, as the database itself says.

    Each by what tells its database apart under any connection, and its name; empty where a database is not asked.
    """
    scheme = dialect_of(reading.query.database.dialect).scheme
    return {"postgres": _postgres, "sqlite": _sqlite}.get(scheme, _unasked)(reading)


def _unasked(reading: Reading) -> frozenset[tuple[str, ...]]:
    return frozenset()


def _postgres(reading: Reading) -> frozenset[tuple[str, ...]]:
    # When the server was started, to a microsecond, and the database's number: the same by every host name and port.
    ((started, number),) = reading.ask(
        "SELECT pg_postmaster_start_time()::text, oid::text FROM pg_catalog.pg_database "
        "WHERE datname = current_database()"
    )
    ((plan,),) = reading.ask(f"EXPLAIN (VERBOSE, FORMAT JSON) SELECT * FROM {reading.query.table}")  # noqa: S608
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return frozenset((str(started), str(number), *name) for name in _relations(plan))


def _relations(plan: Any) -> Iterator[tuple[str, str]]:
    if isinstance(plan, list):
        for part in plan:
            yield from _relations(part)
    elif isinstance(plan, dict):
        if "Relation Name" in plan:
            yield str(plan.get("Schema", "")), str(plan["Relation Name"])
        for part in plan.values():
            yield from _relations(part)


def _sqlite(reading: Reading) -> frozenset[tuple[str, ...]]:
    names: set[str] = set()

    def authorise(action: int, table: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table:
            names.add(table.lower())
        return sqlite3.SQLITE_OK

    # The authoriser is asked about each column of each table while the statement is compiled.
    reading.connection.set_authorizer(authorise)
    reading.ask(f"EXPLAIN SELECT * FROM {reading.query.table}")  # noqa: S608
    file = attempt(lambda: os.stat(reading.query.database.place), reading.query.place)
    return frozenset((str(file.st_dev), str(file.st_ino), name) for name in names)
