"""The whole chain, read from its first entry to its last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.record import Record
from airflow_mlsecops.ledger.chain import Row, examined
from airflow_mlsecops.ledger.index import Fold
from airflow_mlsecops.ledger.index_schema import index_exists, index_tables
from airflow_mlsecops.ledger.indexes import INDEX, TRACE, come_to
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.schema import missing_triggers, rows, tables
from airflow_mlsecops.ledger.trace_schema import trace_exists, trace_tables
from airflow_mlsecops.ledger.tracing import Trace
from airflow_mlsecops.ledger.verification import Head, Problem, Verification

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

Ask = Callable[[Callable[["Connection"], Any]], Any]
Place = tuple[object, object, object]
_BATCH = 500
_SKEW = timedelta(hours=1)  # between the clocks of workers, and between judging and appending


def verify_chain(ask: Ask, keyring: Keyring, seen: Iterable[Head]) -> Verification:
    """Read every row of one snapshot.

    :param ask: does a piece of work on the snapshot
    :param seen: heads known from elsewhere, which must stand in the chain
    """
    walk = _Walk(keyring, seen, **ask(_come))
    problems = [problem for row in _rows(ask) for problem in walk.step(row)]
    problems += _head_problems(ask(_head), walk)
    # An index of records that do not verify cannot be made again.
    problems += [] if problems else _index_problems(ask(_index), walk)
    problems += _current_problems(ask(_current), walk.newest)
    problems += _anchor_problems(walk)
    problems += _trigger_problems(ask(missing_triggers))
    return Verification(ok=not problems, entries=walk.entries, problems=tuple(problems), head=walk.hash)


def verify_tail(ask: Ask, keyring: Keyring, since: Head, seen: Iterable[Head] = ()) -> tuple[Problem, ...]:
    """Read every row after an entry that is believed already, to the head.

    A query finds what its columns say: an edited task id hides the newest record of a task, but not from this walk.

    :param ask: does a piece of work on one snapshot
    :param since: sequence and hash of that entry
    :param seen: heads from there on that are known from elsewhere, which must stand in the chain
    """
    walk = _Walk(keyring, seen, since)
    problems = [problem for row in _rows(ask, since.sequence) for problem in walk.step(row)]
    return (*problems, *_head_problems(ask(_head), walk), *_anchor_problems(walk))


class _Walk:
    """Where the walk along the chain stands."""

    def __init__(
        self,
        keyring: Keyring,
        seen: Iterable[Head],
        start: Head | None = None,
        indexed: int | None = None,
        traced: int | None = None,
    ) -> None:
        self.indexed, self.fold = indexed, Fold()
        self.traced, self.trace = traced, Trace()
        self._runs: set[tuple[str, str]] = set()
        start = start or Head()
        self.sequence, self.hash = start.sequence, start.hash
        self.entries = 0
        self.newest: dict[Place, int] = {}
        self.unseen = {(head.sequence, head.hash) for head in seen} - {(start.sequence, start.hash)}
        self._keyring = keyring
        self._latest = datetime.min.replace(tzinfo=UTC)

    def step(self, row: Row) -> Iterator[Problem]:
        """Problems of the next row, in itself and after the one before."""
        sequence, expected = row["sequence"], self.sequence + 1
        if sequence != expected:
            detail = f"entry {expected} should come next"
            yield Problem(sequence=sequence, code="SEQUENCE_GAP", detail=detail)
        if row["previous"] != self.hash:
            detail = "it does not carry the hash of the entry before it"
            yield Problem(sequence=sequence, code="PREVIOUS_MISMATCH", detail=detail)
        record, problems = examined(row, self._keyring)
        yield from problems
        if self._retired(row):
            detail = (
                "its key was no longer trusted when it took this place: it tells an earlier time than entries before it"
            )
            yield Problem(sequence=sequence, code="KEY_RETIRED", detail=detail)
        self._advance(row, record)

    def _retired(self, row: Row) -> bool:
        # Who holds a key past its end can still write any time into a record, but not put it before later entries.
        key = self._keyring.keys.get(row["key_id"])
        return key is not None and key.until is not None and key.until + _SKEW < self._latest

    def _advance(self, row: Row, record: Record | None) -> None:
        self.sequence, self.hash = row["sequence"], str(row["hash"])
        self.entries += 1
        self.unseen.discard((self.sequence, self.hash))
        if record is not None:
            self._latest = max(self._latest, record.time)
            self.newest[(record.verdict.dataset, record.environment, record.verdict.gate.value)] = self.sequence
            self._fold(record)

    def _fold(self, record: Record) -> None:
        if self.indexed is not None and self.sequence <= self.indexed:
            run = record.run.dag_id, record.run.run_id
            self.fold.take(record, self.sequence, first=run not in self._runs)
            self._runs.add(run)
        if self.traced is not None and self.sequence <= self.traced:
            self.trace.take(record, self.sequence)


def _rows(ask: Ask, after: int | None = None) -> Iterator[Row]:
    while batch := ask(partial(_batch, after=after)):
        yield from batch
        after = batch[-1]["sequence"]


def _batch(connection: Connection, after: int | None) -> list[dict[str, Any]]:
    record = tables().record
    query = record.select().order_by(record.c.sequence).limit(_BATCH)
    if after is not None:
        query = query.where(record.c.sequence > after)
    return rows(connection, query)


def _head(connection: Connection) -> list[tuple[object, object]]:
    head = tables().head
    return [(row["sequence"], row["hash"]) for row in rows(connection, head.select())]


def _current(connection: Connection) -> dict[Place, object]:
    found = rows(connection, tables().current.select())
    return {(row["dataset"], row["environment"], row["gate"]): row["sequence"] for row in found}


def _head_problems(stored: list[tuple[object, object]], walk: _Walk) -> Iterator[Problem]:
    if stored != [(walk.sequence, walk.hash)]:
        detail = "the head row is not the newest entry: the tail was cut, or the row was changed"
        yield Problem(sequence=walk.sequence, code="HEAD_MISMATCH", detail=detail)


def _current_problems(stored: dict[Place, object], newest: dict[Place, int]) -> Iterator[Problem]:
    places = [place for place in stored.keys() | newest.keys() if stored.get(place) != newest.get(place)]
    for sequence in sorted(newest.get(place, 0) for place in places):
        detail = "the current row of its dataset, environment and gate is missing, extra or points elsewhere"
        yield Problem(sequence=sequence, code="CURRENT_MISMATCH", detail=detail)


def _anchor_problems(walk: _Walk) -> Iterator[Problem]:
    for sequence, _ in sorted(walk.unseen):
        detail = "an anchor has seen an entry here that is not in the chain: the tail was cut, or the chain rewritten"
        yield Problem(sequence=sequence, code="ANCHOR_MISMATCH", detail=detail)


def _come(connection: Connection) -> dict[str, int | None]:
    """Up to which record the overview's index and the trace have come; ``None`` if there is none."""
    return {"indexed": come_to(connection, INDEX), "traced": come_to(connection, TRACE)}


def _index(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    made: dict[str, Table] = {}
    if index_exists(connection):
        index = index_tables()
        made |= {"standing": index.standing, "state": index.state, "day": index.day}
    if trace_exists(connection):
        made |= {"trail": trace_tables().trail, "answer": trace_tables().answer}
    return {name: rows(connection, table.select()) for name, table in made.items()}


def _index_problems(stored: dict[str, list[dict[str, Any]]], walk: _Walk) -> Iterator[Problem]:
    fold, trace = walk.fold, walk.trace
    expected = {
        "standing": (fold.standing_rows(), "the overview may hide or invent"),
        "state": (fold.state_rows(), "the overview may hide or invent"),
        "day": (fold.day_rows(), "the overview may hide or invent"),
        "trail": (trace.trail_rows(), "pages that follow data may hide or invent"),
        "answer": (trace.answer_rows(), "pages may hide what people answered"),
    }
    for name, (made, danger) in expected.items():
        if sorted(map(repr, map(_sorted, stored.get(name, ())))) != sorted(map(repr, map(_sorted, made))):
            detail = f"table mlsecops_{name} does not say what the records come to: {danger}; {_MEND}"
            yield Problem(sequence=0, code="INDEX_MISMATCH", detail=detail)


_MEND = "find out who changed it, then have `airflow-mlsecops ledger index --anew` make it again of the records"


def _sorted(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(row.items())


def _trigger_problems(missing: Sequence[str]) -> Iterator[Problem]:
    for name in missing:
        yield Problem(sequence=0, code="NOT_APPEND_ONLY", detail=f"trigger {name} is gone, changed or switched off")
