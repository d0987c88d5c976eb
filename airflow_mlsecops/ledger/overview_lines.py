"""Lines of the overview, each told by a record that verifies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import LedgerTampered
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger import chain
from airflow_mlsecops.ledger.index_schema import index_tables
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.overview import Asked, Line, Ran, Seen
from airflow_mlsecops.ledger.overview_sql import among
from airflow_mlsecops.ledger.schema import rows, tables
from airflow_mlsecops.ledger.standing import Key, Mark, Standing, copies, mark_of

if TYPE_CHECKING:
    from sqlalchemy import Connection


def lines_of(connection: Connection, found: list[str], asked: Asked, keyring: Keyring) -> tuple[Line, ...]:
    """The lines of those names, in their order, as the Dags that may be seen tell them.

    :param found: names of lines, as ``line_of`` makes them
    """
    from sqlalchemy import func, select

    standing, state, *_ = index_tables()
    where = [standing.c.line.in_(found), among(connection, standing.c.dag_id, asked.dags)]
    where += [standing.c.dag_id == asked.dag_id] if asked.dag_id else []
    same = (state.c.line == standing.c.line) & (state.c.dag_id == standing.c.dag_id)
    query = select(standing, func.coalesce(state.c.state, "").label("state")).outerjoin(state, same).where(*where)
    of_line: dict[str, list[dict[str, Any]]] = {line: [] for line in found}
    for row in rows(connection, query) if found else ():
        of_line[row["line"]].append(_agreeing(row))
    entries = _entries(connection, [_worst(some)["telling"] for some in of_line.values()], keyring)
    return tuple(_line(some, entries) for some in of_line.values())


def _agreeing(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its state read; one that says other than its state is told as a failure that no record shows."""
    key, standing = Key(row["dataset"], row["environment"], row["dag_id"]), Standing.load(row["state"])
    copied = copies(key, standing) if standing else None
    if copied is None or any(row[name] != value for name, value in copied.items()):
        return {**row, **_DISAGREES}
    return {**row, "state": standing}


_DISAGREES = {"mark": Mark.FAIL, "observed": 0, "until": "", "level": -1, "telling": 0, "time": "", "state": None}


def _worst(some: list[dict[str, Any]]) -> dict[str, Any]:
    """The row that a line is told by: the worst, of those the newest."""
    newest_first = sorted(some, key=lambda row: row["time"], reverse=True)
    return min(newest_first, key=lambda row: (row["mark"], row["observed"]))


def _entries(connection: Connection, sequences: list[int], keyring: Keyring) -> dict[int, Entry]:
    record = tables().record
    found = rows(connection, record.select().where(record.c.sequence.in_(sequences))) if sequences else []
    believed = {}
    for row in found:
        try:
            believed[row["sequence"]] = chain.believed(row, keyring)
        except LedgerTampered:
            continue  # the line says so
    return believed


def _line(some: list[dict[str, Any]], entries: Mapping[int, Entry]) -> Line:
    worst = _worst(some)
    states = [row["state"] for row in some if row["state"] is not None]
    told_by = worst["state"]
    level = max(row["level"] for row in some)
    return Line(
        dataset=worst["dataset"],
        environment=worst["environment"],
        dag_id=worst["dag_id"],
        others=len(some) - 1,
        mark=Mark(worst["mark"]),
        observed=bool(worst["observed"]),
        until=min((row["until"] for row in some if row["until"]), default=""),
        level=None if level < 0 else tuple(Level)[level],
        seen=_seen(states),
        time=worst["time"],
        scanned=told_by.scanned if told_by else "",
        # Of the Dag that the line is told by: a pass of another one's newer run would belie the verdict beside it.
        strip=tuple(Ran(mark=run.mark, time=run.time) for run in told_by.runs) if told_by else (),
        entry=_told_by(worst, entries.get(worst["telling"])),
    )


def _told_by(row: Mapping[str, Any], entry: Entry | None) -> Entry | None:
    """The record that a row is told by, if the row does not say it is another's: rows are not signed, records are."""
    if entry is None:
        return None
    record = entry.record
    same = (record.verdict.dataset, record.environment, record.run.dag_id) == (
        row["dataset"],
        row["environment"],
        row["dag_id"],
    )
    mark = mark_of(record.verdict)
    observed = mark < Mark.WAIVED and not record.verdict.enforced
    return entry if same and (mark, observed) == (row["mark"], row["observed"]) else None


def _seen(states: list[Standing]) -> tuple[Seen, ...]:
    together: dict[str, Seen] = {}
    for state in states:
        for entity, held in state.held.items():
            known = together.get(entity)
            since = min(state.since.get(entity, ""), known.since if known else state.since.get(entity, ""))
            new = held.new or (known is not None and known.new)
            together[entity] = Seen(entity=entity, new=new, since=since)
    return tuple(sorted(together.values(), key=lambda seen: (not seen.new, seen.entity)))
