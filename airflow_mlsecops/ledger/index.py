"""The index of the overview, brought up to date record by record, in the order of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.ledger import chain
from airflow_mlsecops.ledger.index_schema import AMOUNTS, index_tables, line_of
from airflow_mlsecops.ledger.schema import tables
from airflow_mlsecops.ledger.standing import Key, Standing, copies

if TYPE_CHECKING:
    from sqlalchemy import Connection

Day = tuple[str, str, str]
_MOST_AMOUNT = 2**50  # a PiB; of milliseconds, 35,000 years


@dataclass
class Fold:
    """What records come to, folded one by one."""

    standings: dict[Key, Standing] = field(default_factory=dict)
    days: dict[Day, dict[str, int]] = field(default_factory=dict)

    def take(self, record: Record, sequence: int, *, first: bool) -> None:
        """Go on by one record.

        :param first: true if it is the first of its run
        """
        key = Key(record.verdict.dataset, record.environment, record.run.dag_id)
        self.standings.setdefault(key, Standing()).take(record, sequence)
        day = chain.moment(record.time)[:10], record.run.dag_id, record.environment
        counts = self.days.setdefault(day, dict.fromkeys(AMOUNTS, 0))
        for name, amount in _amounts(record, first=first):
            counts[name] += amount

    def standing_rows(self) -> Iterator[dict[str, Any]]:
        """The rows of ``standing`` that it comes to."""
        for key, standing in self.standings.items():
            line = line_of(key.dataset, key.environment)
            yield {"line": line, **key._asdict(), **copies(key, standing)}

    def state_rows(self) -> Iterator[dict[str, Any]]:
        """The rows of ``state`` that it comes to."""
        for key, standing in self.standings.items():
            yield {"line": line_of(key.dataset, key.environment), "dag_id": key.dag_id, "state": standing.dump()}

    def day_rows(self) -> Iterator[dict[str, Any]]:
        """The rows of ``day`` that it comes to."""
        for (day, dag_id, environment), amounts in self.days.items():
            yield {"day": day, "dag_id": dag_id, "environment": environment, **amounts}


def count(connection: Connection, entries: list[tuple[Record, int]]) -> None:
    """Go on by records that are believed, in their order."""
    _keep(connection, _folded(connection, entries))


def _folded(connection: Connection, entries: list[tuple[Record, int]]) -> Fold:
    fold = Fold(standings=dict(_known(connection, entries)))
    seen: set[tuple[str, str]] = set()
    for record, sequence in entries:
        run = record.run.dag_id, record.run.run_id
        fold.take(record, sequence, first=run not in seen and not _spoke_before(connection, *run, sequence))
        seen.add(run)
    return fold


def _known(connection: Connection, entries: list[tuple[Record, int]]) -> Iterator[tuple[Key, Standing]]:
    from sqlalchemy import select

    state = index_tables().state
    wanted = {Key(record.verdict.dataset, record.environment, record.run.dag_id) for record, _ in entries}
    for key in wanted:
        of_key = (state.c.line == line_of(key.dataset, key.environment)) & (state.c.dag_id == key.dag_id)
        found = connection.execute(select(state.c.state).where(of_key)).scalar()
        known = Standing.load(found) if found is not None else None
        if known is not None:
            yield key, known


def _spoke_before(connection: Connection, dag_id: str, run_id: str, sequence: int) -> bool:
    from sqlalchemy import select

    record = tables().record
    of_run = (record.c.dag_id == dag_id) & (record.c.run_id == run_id) & (record.c.sequence < sequence)
    return connection.execute(select(1).where(of_run).limit(1)).first() is not None


def _keep(connection: Connection, fold: Fold) -> None:
    made = {"standing": fold.standing_rows(), "state": fold.state_rows(), "day": fold.day_rows()}
    for name, kept in made.items():
        if values := list(kept):
            connection.execute(_upsert(name, connection.dialect.name), values)


@cache
def _upsert(name: str, dialect: str) -> Any:
    """Made once: making it takes longer than the database takes to run it."""
    from sqlalchemy.dialects import postgresql, sqlite

    table = getattr(index_tables(), name)
    made: Any = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    others = [column.name for column in table.c if not column.primary_key]
    new = {other: table.c[other] + made.excluded[other] if name == "day" else made.excluded[other] for other in others}
    return made.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)


def _amounts(record: Record, *, first: bool) -> Iterator[tuple[str, int]]:
    verdict = record.verdict
    yield "runs", int(first)
    # No record makes a sum that a column cannot hold: the index would never come past it.
    yield "bytes", min(verdict.bytes_read, _MOST_AMOUNT)
    yield "milliseconds", round(min(verdict.seconds * 1000, _MOST_AMOUNT))
    passed = verdict.outcome is Outcome.PASS
    yield ("passed" if passed else "failed" if verdict.outcome is Outcome.FAIL else "unknown"), 1
    yield "observed", int(not passed and not verdict.enforced)
