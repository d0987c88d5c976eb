"""The trace of what can be followed, brought up to date record by record, in the order of the chain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.ledger.chain import moment
from airflow_mlsecops.ledger.schema import rows
from airflow_mlsecops.ledger.trace_schema import KEY, NUMBERS, trace_tables
from airflow_mlsecops.ledger.trail import Came, Kind, Said, digest, said_by
from airflow_mlsecops.ledger.upsert import Rows, Target

if TYPE_CHECKING:
    from sqlalchemy import Connection

_RUNS_KNOWN = 32  # so many runs at once are told apart; one that speaks again after as many others counts again
_MOST_NAME = 100
_MOST_NUMBER = 2**62


class Spot(NamedTuple):
    """What is followed: one thing of a kind in a dataset, as the gates of one Dag see it."""

    kind: str
    place: str
    dag_id: str
    trace: str


@dataclass(slots=True)
class Trail:
    """From its first record to its last.

    :param telling: the newest record that said where it came from, or what is made of it; 0 if none did
    :param runs: in how many runs it was seen, let through or covered
    :param off: in how many runs a task was stopped only, or a waiver found ended
    :param recent: the newest runs, to count each of them once
    :param parent: digest of the dataset it came from, as the newest record says that knows
    """

    first: str = ""
    first_sequence: int = 0
    last: str = ""
    last_sequence: int = 0
    telling: int = 0
    runs: int = 0
    off: int = 0
    recent: str = ""
    parent: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)

    def take(self, said: Said, record: Record, sequence: int) -> None:
        """Go on by what a record says, which must be newer than all before."""
        self.last, self.last_sequence = moment(record.time), sequence
        if not self.first_sequence:
            self.first, self.first_sequence = self.last, sequence
        if said.telling:
            self.telling = sequence
        if said.origin:
            self.parent = digest(said.origin.parent)
        self.named = named_by(said, record)
        self._count(said, record.run.run_id)

    def _count(self, said: Said, run_id: str) -> None:
        run = digest(run_id)[:10]
        known = {mark[:10]: mark[10:] for mark in self.recent.split()}
        before = known.pop(run, "")
        if said.came not in before:
            alone = said.kind is Kind.CONSUMED  # a task that was let through in the end was not stopped
            self.runs += said.came is Came.ON
            self.off += said.came is Came.OFF and not (alone and Came.ON in before)
            self.off -= alone and said.came is Came.ON and Came.OFF in before
            before += said.came
        marks = [*known.items(), (run, before)][-_RUNS_KNOWN:]
        self.recent = " ".join(run + mark for run, mark in marks)

    def row(self, spot: Spot) -> dict[str, Any]:
        """As the table holds it."""
        return {**spot._asdict(), **self.named, **{name: getattr(self, name) for name in _CARRIED}}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Trail | None:
        """What :meth:`row` made; ``None`` if somebody changed it to what it cannot be: no gate waits for that."""
        numbers = [row[name] for name in NUMBERS]
        if not all(isinstance(number, int) and 0 <= number < _MOST_NUMBER for number in numbers):
            return None
        texts = [row["first"], row["last"], row["recent"], row["parent"] or ""]
        if not all(isinstance(text, str) and text.isascii() for text in texts):
            return None
        return cls(**{name: row[name] for name in _CARRIED})


_CARRIED = ("first", "last", "recent", *NUMBERS, "parent")


@dataclass
class Trace:
    """What records come to, followed one by one."""

    trails: dict[Spot, Trail] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)

    def take(self, record: Record, sequence: int) -> None:
        """Go on by one record."""
        if record.verdict.gate is Gate.APPROVAL:
            self.answers.append(answer_row(record, sequence))
        for said in said_by(record):
            self.trails.setdefault(spot_of(said, record), Trail()).take(said, record, sequence)

    def trail_rows(self) -> Iterator[dict[str, Any]]:
        """The rows of ``trail`` that it comes to."""
        yield from (trail.row(spot) for spot, trail in self.trails.items())

    def answer_rows(self) -> Iterator[dict[str, Any]]:
        """The rows of ``answer`` that it comes to."""
        yield from self.answers


def answer_row(record: Record, sequence: int) -> dict[str, Any]:
    """The row of what a person was asked or answered."""
    place, time = digest(record.verdict.dataset), moment(record.time)
    return {"dag_id": record.run.dag_id, "sequence": sequence, "place": place, "time": time}


def spot_of(said: Said, record: Record) -> Spot:
    """Where it is kept what a record says."""
    place, trace = digest(record.verdict.dataset), digest(record.environment, *said.names)
    return Spot(said.kind.value, place, record.run.dag_id, trace)


def follow(connection: Connection, entries: list[tuple[Record, int]]) -> dict[Target, Rows]:
    """What records that are believed, in their order, come to; only what they speak of is read and written."""
    trace = Trace(
        trails=_known(connection, {spot_of(said, record) for record, _ in entries for said in said_by(record)})
    )
    for record, sequence in entries:
        trace.take(record, sequence)
    trail, answer = _targets()
    return {trail: list(trace.trail_rows()), answer: list(trace.answer_rows())}


@cache
def _targets() -> tuple[Target, Target]:
    # What cannot change is not written again: its indexes need not be either.
    return Target(trace_tables().trail, _CARRIED), Target(trace_tables().answer, ("place", "time"))


def storable(text: str) -> str:
    """A name as any database holds it, cut to what its indexes take."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:_MOST_NAME]


def _known(connection: Connection, spots: Iterable[Spot]) -> dict[Spot, Trail]:
    wanted = set(spots)
    if not wanted:
        return {}
    asked = {name: sorted({getattr(spot, name) for spot in wanted}) for name in _ASKED}
    sqlite = connection.dialect.name == "sqlite"
    values = {name: json.dumps(some) if sqlite else some for name, some in asked.items()}
    found = {
        Spot(*(row[name] for name in KEY)): Trail.of(row) for row in rows(connection, _known_query(sqlite), values)
    }
    return {spot: known for spot, known in found.items() if spot in wanted and known is not None}


@cache
def _known_query(sqlite: bool) -> Any:
    """Made once, as what writes is below: of all that is said of some datasets, what some traces name."""
    from sqlalchemy import ARRAY, Text, any_, bindparam, func, select

    trail = trace_tables().trail
    if sqlite:
        lists = {name: select(func.json_each(bindparam(name)).table_valued("value").c.value) for name in _ASKED}
        return trail.select().where(*(trail.c[name].in_(some) for name, some in lists.items()))
    return trail.select().where(*(trail.c[name] == any_(bindparam(name, type_=ARRAY(Text))) for name in _ASKED))


_ASKED = ("place", "trace")


def named_by(said: Said, record: Record) -> dict[str, str]:
    """What rows are found by, beside their keys."""
    return {
        "dataset": record.verdict.dataset,
        "environment": record.environment,
        "entity": storable(said.entity),
        "called": digest(said.names[0]),
    }
