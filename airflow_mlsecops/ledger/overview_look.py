"""An overview looked up in one moment of the ledger."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.ledger.index_schema import AMOUNTS, index_exists, index_tables
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.overview import Asked, Choices, Counts, Day, Overview
from airflow_mlsecops.ledger.overview_lines import lines_of
from airflow_mlsecops.ledger.overview_sql import among, days_ago, days_query, lines_query
from airflow_mlsecops.ledger.schema import rows, tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

OBSERVED_DAYS = 7


def look(connection: Connection, asked: Asked, keyring: Keyring) -> Overview:
    """Answer from one moment of the ledger.

    :raises LedgerError: ``INDEX_ABSENT`` if there is no index to answer from
    """
    _require_index(connection)
    stood = _stood(connection, asked)
    days, observing = _days(connection, asked) if asked.whole else ((), {})
    return Overview(
        current=is_current(connection),
        counts=stood.counts,
        first=lines_of(connection, stood.first, asked, keyring),
        found=stood.found,
        lines=lines_of(connection, stood.page, asked, keyring),
        days=days,
        observing=observing,
        choices=_choices(connection, asked),
    )


def datasets_of(connection: Connection, dags: frozenset[str]) -> frozenset[str]:
    """Identities of the datasets that gates of these Dags have looked at.

    :raises LedgerError: ``INDEX_ABSENT`` if there is no index to answer from
    """
    from sqlalchemy import select

    _require_index(connection)
    standing = index_tables().standing
    query = select(standing.c.dataset).where(among(connection, standing.c.dag_id, dags)).distinct()
    return frozenset(connection.execute(query).scalars())


def _require_index(connection: Connection) -> None:
    if not index_exists(connection):
        raise LedgerError(
            "the ledger has no index for the overview yet: run `airflow-mlsecops ledger index` as the owner of its "
            "tables",
            code="INDEX_ABSENT",
        )


class _Stood(NamedTuple):
    """How lines stand: counts, and which lines to show."""

    counts: Counts
    found: int
    first: list[str]
    page: list[str]


def _stood(connection: Connection, asked: Asked) -> _Stood:
    parts: dict[str, list[dict[str, Any]]] = {"counts": [], "found": [], "first": [], "page": []}
    for row in rows(connection, lines_query(connection, asked)):
        parts[row["part"]].append(row)
    (counts,), (found,) = parts["counts"], parts["found"]
    # A union promises no order. Times and lines are in their order backwards: two stable sorts.
    for part in ("first", "page"):
        parts[part].sort(key=lambda row: row["line"])
        parts[part].sort(key=lambda row: row["time"], reverse=True)
    first = sorted(parts["first"], key=lambda row: (row["n1"], -row["n0"]))
    page = sorted(parts["page"], key=lambda row: (-row["n0"], row["n1"]))
    return _Stood(
        Counts(**{name: counts[f"n{place}"] for place, name in enumerate(Counts.model_fields)}),
        found["n0"],
        [row["line"] for row in first],
        [row["line"] for row in page],
    )


def is_current(connection: Connection) -> bool:
    """True if the index has come as far as the chain."""
    from sqlalchemy import select

    indexed, head = index_tables().indexed, tables().head
    found = connection.execute(
        select(indexed.c.sequence, head.c.sequence).select_from(indexed.join(head, head.c.id == 1))
    )
    return [one == other for one, other in found] == [True]


def _days(connection: Connection, asked: Asked) -> tuple[tuple[Day, ...], dict[str, int]]:
    """What gates said by day, and by environment how often they would have stopped a run in the last week."""
    days: dict[str, Counter[str]] = {}
    observing: Counter[str] = Counter()
    for row in rows(connection, days_query(connection, asked)):
        days.setdefault(row["day"], Counter()).update({name: int(row[name]) for name in AMOUNTS})
        if row["observed"] and row["day"] > days_ago(asked, OBSERVED_DAYS):
            observing[row["environment"]] += int(row["observed"])
    return tuple(Day(day=day, **amounts) for day, amounts in days.items()), dict(sorted(observing.items()))


def _choices(connection: Connection, asked: Asked) -> Choices:
    from sqlalchemy import select

    standing = index_tables().standing
    columns = [standing.c.dag_id, standing.c.environment, standing.c.classes]
    query = select(*columns).where(among(connection, standing.c.dag_id, asked.dags)).distinct()
    found = connection.execute(query).all()
    entities = {entity for classes in {row.classes for row in found} for entity in classes.split("|") if entity}
    return Choices(
        entities=tuple(sorted(entities)),
        dags=tuple(sorted({row.dag_id for row in found})),
        environments=tuple(sorted({row.environment for row in found})),
    )
