"""One dataset looked up in one moment of the ledger, within the Dags that may be seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.gate import SCANS, Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger import chain
from airflow_mlsecops.ledger import dataset_scans as choose
from airflow_mlsecops.ledger.dataset import Found, Scans, Wanted
from airflow_mlsecops.ledger.dataset_scans import Chosen, Glimpse
from airflow_mlsecops.ledger.index_schema import index_exists, index_tables, line_of
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.overview import Asked
from airflow_mlsecops.ledger.overview_lines import lines_of
from airflow_mlsecops.ledger.overview_look import is_current
from airflow_mlsecops.ledger.overview_sql import among
from airflow_mlsecops.ledger.schema import rows, tables
from airflow_mlsecops.ledger.standing import Standing

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

NEWEST = 5_000
"""So many of a dataset's newest records are looked through, whoever wrote them."""
_MOST_ENVIRONMENTS = 50
_MOST_RARE = 20


def look_at(connection: Connection, wanted: Wanted, keyring: Keyring) -> Found | None:
    """How a dataset stands; ``None`` if no Dag that may be seen has looked at it.

    :raises LedgerError: ``INDEX_ABSENT`` if there is no index to answer from
    """
    if not index_exists(connection):
        raise LedgerError(
            "the ledger has no index for the pages yet: run `airflow-mlsecops ledger index` as the owner of its tables",
            code="INDEX_ABSENT",
        )
    standing = _standing(connection, wanted)
    if not standing:
        return None
    environments = tuple(dict.fromkeys(row["environment"] for row in standing))
    environment = wanted.environment or environments[0]
    if environment not in environments:
        return None
    here = wanted.model_copy(update={"environment": environment})
    return _found(connection, here, tuple(sorted(environments)), keyring)


def _found(connection: Connection, wanted: Wanted, environments: tuple[str, ...], keyring: Keyring) -> Found:
    asked = Asked(dags=wanted.dags, today=wanted.today, dag_id=wanted.dag_id)
    (line,) = lines_of(connection, [line_of(wanted.dataset, wanted.environment)], asked, keyring)
    glimpses = _glimpses(connection, wanted)
    every = choose.scans_of(glimpses, None)
    scans = choose.scans_of(glimpses, wanted.partition)
    runs = choose.runs_of(scans)
    now = choose.newest_of_each_dag(runs)
    # Of a partition that is a day there is no scan before: then the one before of another is compared with.
    older, among_these = (runs, scans) if len(runs) > 1 else (_behind(runs, choose.runs_of(every)), every)
    then = choose.before(older, every, wanted)
    return Found(
        current=is_current(connection),
        hidden=_hidden(connection, wanted),
        environment=wanted.environment,
        environments=environments,
        line=line,
        now=_read(connection, choose.of_runs(scans, now), keyring),
        blank=choose.blank(glimpses, now, wanted.partition),
        runs=older[: choose.MOST_RUNS],
        before_run=then,
        before=_read(connection, choose.of_runs(among_these, [then] if then else []), keyring),
        partitions=choose.partitions_of(every),
        access=_read(connection, choose.access_of(glimpses), keyring),
    )


def _behind(runs: tuple[Any, ...], every: tuple[Any, ...]) -> tuple[Any, ...]:
    """The one run there is of a partition, with all older ones of any."""
    if not runs:
        return ()
    return (runs[0], *(run for run in every if run.sequence < runs[0].sequence and run.run_id != runs[0].run_id))


def _standing(connection: Connection, wanted: Wanted) -> list[dict[str, Any]]:
    """Where the dataset stands, by the worst environment first, in the eyes of Dags that may be seen."""
    from sqlalchemy import select

    current, standing = tables().current, index_tables().standing
    named = select(current.c.environment).where(current.c.dataset == wanted.dataset).distinct()
    environments = connection.execute(named.limit(_MOST_ENVIRONMENTS)).scalars().all()
    lines = [line_of(wanted.dataset, environment) for environment in {*environments, wanted.environment}]
    where = [standing.c.line.in_(lines), among(connection, standing.c.dag_id, wanted.dags)]
    where += [standing.c.dag_id == wanted.dag_id] if wanted.dag_id else []
    query = select(standing.c.environment, standing.c.dag_id).where(*where)
    return rows(connection, query.order_by(standing.c.mark, standing.c.time.desc(), standing.c.environment))


def glimpses_query(connection: Connection, wanted: Wanted) -> Select[Any]:
    """The newest records of a dataset by Dags that may be seen, without what they say."""
    from sqlalchemy import select

    record = tables().record
    newest = (
        select(*_columns(record))
        .where(record.c.dataset == wanted.dataset, record.c.environment == wanted.environment)
        .order_by(record.c.sequence.desc())
        .limit(NEWEST)
        .subquery("newest")
    )
    return select(newest).where(*_seen(connection, newest, wanted))


def _glimpses(connection: Connection, wanted: Wanted) -> tuple[Glimpse, ...]:
    found = [_glimpse(row) for row in rows(connection, glimpses_query(connection, wanted))]
    return (*found, *_rare(connection, wanted, {one.dag_id for one in found if one.gate in SCANS}))


def _rare(connection: Connection, wanted: Wanted, known: set[str]) -> Iterable[Glimpse]:
    """The newest scanning run of Dags whose scans are not among the newest records, since others write more."""
    from sqlalchemy import select

    state = index_tables().state
    line = line_of(wanted.dataset, wanted.environment)
    query = select(state.c.dag_id, state.c.state).where(state.c.line == line)
    query = query.where(among(connection, state.c.dag_id, wanted.dags), state.c.dag_id.not_in(known))
    query = query.where(state.c.dag_id == wanted.dag_id) if wanted.dag_id else query
    record = tables().record
    for row in rows(connection, query.limit(_MOST_RARE)):
        stood = Standing.load(row["state"])
        if stood is None or not stood.scan_run:
            continue
        of_run = select(*_columns(record)).where(
            record.c.dag_id == row["dag_id"],
            record.c.run_id == stood.scan_run,
            record.c.dataset == wanted.dataset,
            record.c.environment == wanted.environment,
        )
        yield from (_glimpse(found) for found in rows(connection, of_run.limit(NEWEST)))


def _seen(connection: Connection, table: Any, wanted: Wanted) -> list[Any]:
    gates = [gate.value for gate in (*SCANS, Gate.ACCESS)]
    where = [table.c.gate.in_(gates), among(connection, table.c.dag_id, wanted.dags)]
    return [*where, table.c.dag_id == wanted.dag_id] if wanted.dag_id else where


def _columns(record: Any) -> list[Any]:
    named = [record.c[name] for name in Glimpse._fields if name != "read"]
    return [*named, (record.c.ruleset != "").label("read")]


def _glimpse(row: dict[str, Any]) -> Glimpse:
    return Glimpse(**{**row, "read": bool(row["read"])})


def _read(connection: Connection, chosen: Chosen, keyring: Keyring) -> Scans:
    record = tables().record
    query = record.select().where(record.c.sequence.in_(chosen.sequences))
    found = {row["sequence"]: row for row in rows(connection, query)} if chosen.sequences else {}
    believed = [_believed(found.get(sequence), keyring) for sequence in chosen.sequences]
    entries = tuple(entry for entry in believed if entry is not None)
    return Scans(entries=entries, unverified=len(believed) - len(entries), left_out=chosen.left_out)


def _believed(row: chain.Row | None, keyring: Keyring) -> Entry | None:
    try:
        return chain.believed(row, keyring) if row else None
    except LedgerTampered:
        return None  # it is counted, and said


def _hidden(connection: Connection, wanted: Wanted) -> bool:
    """True if a record that the ledger calls the newest of a gate is the dataset's no more: a column was edited."""
    from sqlalchemy import func, select

    record, _, current = tables()
    same = (
        (record.c.sequence == current.c.sequence)
        & (record.c.dataset == current.c.dataset)
        & (record.c.environment == current.c.environment)
        & (record.c.gate == current.c.gate)
    )
    query = (
        select(func.count())
        .select_from(current.outerjoin(record, same))
        .where(current.c.dataset == wanted.dataset, current.c.environment == wanted.environment)
        .where(record.c.sequence.is_(None))
    )
    return bool(connection.execute(query).scalar())
