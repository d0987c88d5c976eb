"""What the trace knows, each told by the records that a row points to: rows are not signed, records are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import Field

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.waiver import WaiverUse
from airflow_mlsecops.ledger import chain
from airflow_mlsecops.ledger.index_schema import index_exists, index_tables
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.overview_sql import among
from airflow_mlsecops.ledger.schema import rows, tables
from airflow_mlsecops.ledger.trace_schema import KEY, trace_exists, trace_tables
from airflow_mlsecops.ledger.traces import Consumed, Places, Sighted
from airflow_mlsecops.ledger.tracing import Spot, Trail, answer_row, named_by, spot_of, storable
from airflow_mlsecops.ledger.trail import Kind, Said, digest, said_by

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select, Table

When = datetime | date
_AT_ONCE = 5_000  # parameters of one statement: SQLite takes some 32,000


class Wanted(Frozen):
    """What to look for.

    :param dags: nothing of any other Dag is found, compared or returned; ``None`` for all
    :param since: said then or later; a day is meant from its beginning, in UTC
    :param until: said then or earlier; a day is meant to its end
    """

    dags: frozenset[str] | None
    dataset: str | None = None
    environment: str | None = None
    entity: str | None = None
    column: str | None = None
    parent: str | None = None
    since: When | None = None
    until: When | None = None
    limit: int = Field(default=1000, ge=1, le=10_000)


class Told(NamedTuple):
    """A row with what its records say of it: the first, the last, and the one that told more."""

    row: Mapping[str, Any]
    last: Entry
    said: Said
    more: Said | None


def sighted(connection: Connection, wanted: Wanted, keyring: Keyring) -> tuple[Sighted, ...]:
    """Classes in columns, the newest first."""
    return tuple(
        Sighted(
            **_where(told),
            **{name: told.row[name] for name in ("first", "first_sequence", "runs")},
            column=told.said.names[0],
            entity=told.said.entity,
            level=told.said.level,
            rows=told.said.rows,
            of=told.said.of,
            parent=told.more.origin.parent if told.more and told.more.origin else "",
            parent_column=told.more.origin.column if told.more and told.more.origin else "",
        )
        for told in _told(connection, Kind.SIGHTED, wanted, keyring)
    )


def consumed(connection: Connection, wanted: Wanted, keyring: Keyring) -> tuple[Consumed, ...]:
    """Sealed tasks, the newest first."""
    return tuple(
        Consumed(
            **_where(told),
            task_id=told.said.names[0],
            first=told.row["first"],
            runs=told.row["runs"],
            stopped=told.row["off"],
            makes=told.more.makes if told.more else (),
        )
        for told in _told(connection, Kind.CONSUMED, wanted, keyring)
    )


def waiver_uses(connection: Connection, wanted: Wanted, keyring: Keyring) -> tuple[WaiverUse, ...]:
    """Waivers as gates applied them, the newest first."""
    return tuple(
        WaiverUse(
            **_where(told),
            waiver=told.said.names[0],
            code=told.said.names[1],
            subject=told.said.names[2],
            entity=told.said.entity,
            first=told.row["first"],
            runs=told.row["runs"],
            ended_runs=told.row["off"],
            rows=told.said.rows,
            of=told.said.of,
        )
        for told in _told(connection, Kind.WAIVED, wanted, keyring)
    )


def answers(connection: Connection, wanted: Wanted, keyring: Keyring) -> tuple[Entry, ...]:
    """Records of what people were asked and answered, the newest first."""
    _require(connection)
    answer = trace_tables().answer
    query = answer.select().where(*_within(connection, answer, wanted))
    query = query.where(answer.c.time >= _moment(wanted.since)) if wanted.since else query
    found = rows(connection, query.order_by(answer.c.sequence.desc()).limit(wanted.limit))
    entries = _entries(connection, {row["sequence"] for row in found}, keyring)
    return tuple(_answering(row, entries) for row in found)


def places(connection: Connection, dags: frozenset[str]) -> Places:
    """Datasets and classes that can be asked for."""
    from sqlalchemy import distinct, func, select

    _require(connection)
    standing = index_tables().standing
    seen = among(connection, standing.c.dag_id, dags)
    newest = func.max(standing.c.sequence).desc()
    named = select(standing.c.dataset).where(seen).group_by(standing.c.dataset).order_by(newest).limit(_MOST_PLACES)
    classes = connection.execute(select(standing.c.classes).where(seen).distinct()).scalars()
    return Places(
        datasets=tuple(connection.execute(named).scalars()),
        count=connection.execute(select(func.count(distinct(standing.c.dataset))).where(seen)).scalar() or 0,
        entities=tuple(sorted({entity for some in classes for entity in some.split("|") if entity})),
    )


_MOST_PLACES = 200


def trail_query(connection: Connection, kind: Kind, wanted: Wanted) -> Select[Any]:
    """The rows of what is wanted; none of a Dag that may not be seen."""
    trail = trace_tables().trail
    where = [trail.c.kind == kind.value, *_within(connection, trail, wanted)]
    where += [trail.c.environment == wanted.environment] if wanted.environment is not None else []
    where += [trail.c.entity == storable(wanted.entity)] if wanted.entity is not None else []
    where += [trail.c.called == digest(wanted.column)] if wanted.column is not None else []
    where += [trail.c.parent == digest(wanted.parent)] if wanted.parent is not None else []
    where += [trail.c.last >= _moment(wanted.since)] if wanted.since else []
    where += [trail.c.first <= _moment(wanted.until, end=True)] if wanted.until else []
    return trail.select().where(*where).order_by(trail.c.last_sequence.desc(), trail.c.trace).limit(wanted.limit)


def _moment(when: When, *, end: bool = False) -> str:
    """A moment as rows hold it, whole: how a part of one compares depends on a database's language."""
    if isinstance(when, datetime):
        return chain.moment(when)
    return chain.moment(datetime.combine(when, time.max if end else time.min, UTC))


def _within(connection: Connection, table: Table, wanted: Wanted) -> list[ColumnElement[bool]]:
    where = [] if wanted.dags is None else [among(connection, table.c.dag_id, wanted.dags)]
    return where + ([table.c.place == digest(wanted.dataset)] if wanted.dataset is not None else [])


def _require(connection: Connection) -> None:
    if not (trace_exists(connection) and index_exists(connection)):
        raise LedgerError(
            "the ledger has no trace of where data went yet: run `airflow-mlsecops ledger index` as the owner of its "
            "tables",
            code="INDEX_ABSENT",
        )


def _told(connection: Connection, kind: Kind, wanted: Wanted, keyring: Keyring) -> Iterator[Told]:
    """The rows, each with what its records say; all records are read together.

    :raises LedgerTampered: if a row does not agree with a record that it points to, or that does not verify
    """
    _require(connection)
    found = rows(connection, trail_query(connection, kind, wanted))
    pointed = {row[name] for row in found for name in ("first_sequence", "last_sequence", "telling")} - {0}
    entries = _entries(connection, pointed, keyring)
    said = {sequence: dict(_by_spot(entry, kind)) for sequence, entry in entries.items()}
    for row in found:
        yield _agreeing(row, entries, said)


def _agreeing(row: Mapping[str, Any], entries: Mapping[int, Entry], said: Mapping[int, Mapping[Spot, Said]]) -> Told:
    spot, trail = Spot(*(row[name] for name in KEY)), Trail.of(row)
    if trail is None:
        raise _disagrees(row)
    first, last = entries.get(trail.first_sequence), entries.get(trail.last_sequence)
    newest, more = said.get(trail.last_sequence, {}).get(spot), said.get(trail.telling, {}).get(spot)
    if first is None or last is None or newest is None or spot not in said[first.sequence]:
        raise _disagrees(row)
    pointed = chain.moment(first.record.time), chain.moment(last.record.time), *_tells(trail, newest, more)
    named = named_by(newest, last.record)
    same = (trail.first, trail.last, trail.telling, trail.parent) == pointed
    if not same or any(row[name] != named[name] for name in named):
        raise _disagrees(row)
    return Told(row, last, newest, more)


def _tells(trail: Trail, newest: Said, more: Said | None) -> tuple[int, str | None]:
    """Which record tells more, as far as these can know, and what it says that it came from."""
    if newest.telling:
        more, telling = newest, trail.last_sequence
    else:
        telling = trail.telling if more and more.telling else 0
    return telling, digest(more.origin.parent) if more and more.origin else None


def _by_spot(entry: Entry, kind: Kind) -> Iterator[tuple[Spot, Said]]:
    for said in said_by(entry.record):
        if said.kind is kind:
            yield spot_of(said, entry.record), said


def _disagrees(row: Mapping[str, Any]) -> LedgerTampered:
    return LedgerTampered(
        f"a row of mlsecops_trail does not agree with entry {row['last_sequence']}, or with another that it points to; "
        "run `airflow-mlsecops ledger verify`",
        code="INDEX_MISMATCH",
    )


def _where(told: Told) -> dict[str, Any]:
    record = told.last.record
    return {
        "dataset": record.verdict.dataset,
        "environment": record.environment,
        "dag_id": record.run.dag_id,
        "last": told.row["last"],
        "last_sequence": told.last.sequence,
    }


def _answering(row: Mapping[str, Any], entries: Mapping[int, Entry]) -> Entry:
    entry = entries.get(row["sequence"])
    spoke = entry is not None and entry.record.verdict.gate is Gate.APPROVAL
    if entry is None or not spoke or answer_row(entry.record, entry.sequence) != row:
        raise LedgerTampered(
            f"a row of mlsecops_answer does not agree with entry {row['sequence']}; run "
            "`airflow-mlsecops ledger verify`",
            code="INDEX_MISMATCH",
        )
    return entry


def _entries(connection: Connection, sequences: Iterable[int], keyring: Keyring) -> dict[int, Entry]:
    """The entries there, by sequence.

    :raises LedgerTampered: if one does not verify
    """
    record, wanted = tables().record, sorted(sequences)
    entries: dict[int, Entry] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = record.select().where(record.c.sequence.in_(wanted[start : start + _AT_ONCE]))
        entries |= {row["sequence"]: chain.believed(row, keyring) for row in rows(connection, some)}
    return entries
