"""Rows put beside the chain: all that a record changes there in one statement, where a database is a journey away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table, Update

Rows = list[dict[str, Any]]


class Target(NamedTuple):
    """A table that takes new rows, or newer ones of the same keys.

    :param changes: its columns that a newer row changes; the others' indexes need not be written again
    :param adds: true if a newer row's numbers are added to those that are there
    """

    table: Table
    changes: tuple[str, ...]
    adds: bool = False


def put(connection: Connection, changes: Mapping[Target, Rows], pointers: tuple[Table, ...], sequence: int) -> None:
    """Put rows in, and say in tables of one row that they have come up to a record."""
    kept = {target: some for target, some in changes.items() if some}
    if connection.dialect.name == "postgresql":
        values = {target.table.name: json.dumps(some) for target, some in kept.items()}
        connection.execute(_together(tuple(kept), pointers), {**values, "come_to": sequence})
        return
    for target, some in kept.items():
        connection.execute(_upsert(target), some)
    for pointer in pointers:
        connection.execute(_come_to(pointer), {"come_to": sequence})


@cache
def _upsert(target: Target) -> Any:
    """Made once, as those below: making it takes longer than the database takes to run it."""
    from sqlalchemy.dialects.sqlite import insert

    return _or_change(insert(target.table), target)


@cache
def _together(targets: tuple[Target, ...], pointers: tuple[Table, ...]) -> Any:
    first, *others = pointers
    return _come_to(first).add_cte(
        *(_upsert_of_json(target).cte(f"put_{target.table.name}") for target in targets),
        *(_come_to(other).cte(f"put_{other.name}") for other in others),
    )


def _upsert_of_json(target: Target) -> Any:
    from sqlalchemy import JSON, Column, Text, bindparam, cast, func, select
    from sqlalchemy.dialects.postgresql import insert

    columns = [Column(column.name, column.type) for column in target.table.c]
    told = func.json_to_recordset(cast(bindparam(target.table.name, type_=Text), JSON)).table_valued(*columns)
    told = told.render_derived(name=f"told_{target.table.name}", with_types=True)
    names = [column.name for column in columns]
    return _or_change(insert(target.table).from_select(names, select(*(told.c[name] for name in names))), target)


def _or_change(insert: Any, target: Target) -> Any:
    table, new = target.table, insert.excluded
    changed = {name: table.c[name] + new[name] if target.adds else new[name] for name in target.changes}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


@cache
def _come_to(pointer: Table) -> Update:
    from sqlalchemy import bindparam

    return pointer.update().values(sequence=bindparam("come_to"))
