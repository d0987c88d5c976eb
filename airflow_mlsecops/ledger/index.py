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
from airflow_mlsecops.ledger.upsert import Rows, Target

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Connection, Select, Table

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


def count(connection: Connection, entries: list[tuple[Record, int]]) -> dict[Target, Rows]:
    """What records that are believed, in their order, come to with what is there."""
    fold = _folded(connection, entries)
    standing, state, day = _targets()
    return {standing: list(fold.standing_rows()), state: list(fold.state_rows()), day: list(fold.day_rows())}


@cache
def _targets() -> tuple[Target, Target, Target]:
    standing, state, day, _ = index_tables()
    return Target(standing, _others(standing)), Target(state, _others(state)), Target(day, AMOUNTS, adds=True)


def _others(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.c if not column.primary_key)


def _folded(connection: Connection, entries: list[tuple[Record, int]]) -> Fold:
    fold, seen = Fold(), set[tuple[str, str]]()
    for record, sequence in entries:
        key = Key(record.verdict.dataset, record.environment, record.run.dag_id)
        run = record.run.dag_id, record.run.run_id
        spoke = True
        if key not in fold.standings or run not in seen:
            state, spoke = _before(connection, key, record.run.run_id, sequence)
            known = Standing.load(state) if state is not None else None
            fold.standings.setdefault(key, known or Standing())
        fold.take(record, sequence, first=run not in seen and not spoke)
        seen.add(run)
    return fold


def _before(connection: Connection, key: Key, run_id: str, sequence: int) -> tuple[str | None, bool]:
    """How it stood, and whether the run had spoken."""
    asked = {"line": line_of(key.dataset, key.environment), "dag": key.dag_id, "run": run_id, "here": sequence}
    found = connection.execute(_before_query(), asked).one()
    return found.state, bool(found.spoke)


@cache
def _before_query() -> Select[tuple[str | None, bool]]:
    from sqlalchemy import bindparam, exists, select

    record, state = tables().record, index_tables().state
    dag_id: BindParameter[str] = bindparam("dag")
    stood = select(state.c.state).where(state.c.line == bindparam("line"), state.c.dag_id == dag_id)
    of_run = exists().where(
        record.c.dag_id == dag_id, record.c.run_id == bindparam("run"), record.c.sequence < bindparam("here")
    )
    return select(stood.scalar_subquery().label("state"), of_run.label("spoke"))


def _amounts(record: Record, *, first: bool) -> Iterator[tuple[str, int]]:
    verdict = record.verdict
    yield "runs", int(first)
    # No record makes a sum that a column cannot hold: the index would never come past it.
    yield "bytes", min(verdict.bytes_read, _MOST_AMOUNT)
    yield "milliseconds", round(min(verdict.seconds * 1000, _MOST_AMOUNT))
    passed = verdict.outcome is Outcome.PASS
    yield ("passed" if passed else "failed" if verdict.outcome is Outcome.FAIL else "unknown"), 1
    yield "observed", int(not passed and not verdict.enforced)
