"""How a dataset stands with one Dag: what the gates of its newest runs said of it, kept record by record.

A page over a million records cannot read them: it reads one of these for each dataset, environment and Dag. It is made
of records alone, in their order, and so can be made again: ``airflow-mlsecops ledger verify`` does, and compares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, Self

from pydantic import Field, TypeAdapter

from airflow_mlsecops.core.gate import SCANS, Gate
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Outcome, Verdict
from airflow_mlsecops.ledger.chain import moment

RUNS = 14
"""Of how many runs the marks are kept."""
_MOST_TASKS = 64
_MOST_COLUMNS = 200
_MOST_WORDS = 4_000
_REST = "…"  # stands for the tasks beyond the most: no task is called so
Sequence = Annotated[int, Field(ge=0, lt=2**63)]


class Mark(IntEnum):
    """What the gates of one run came to, the worst first."""

    FAIL = 0
    UNKNOWN = 1
    WAIVED = 2
    PASS = 3


class Key(NamedTuple):
    """What stands: a dataset in an environment, as the gates of one Dag see it."""

    dataset: str
    environment: str
    dag_id: str


class Said(NamedTuple):
    """What one task said last, where that is more than a plain pass.

    :param sealed: true if it was a sealed task that did not run: its gates are the reason
    :param until: the first day on which a waiver ends that it passed by; empty if none
    """

    mark: Annotated[int, Field(ge=0, le=3)]
    sequence: Sequence
    enforced: bool
    sealed: bool
    until: str


class Held(NamedTuple):
    """A class that was seen: the rank of its level, -1 where no finding named one; and whether it was new."""

    level: Annotated[int, Field(ge=-1, le=3)]
    new: bool


@dataclass(slots=True)
class Marks:
    """One run: when it began, its newest record, and what its tasks said."""

    run_id: str
    time: str
    sequence: int = 0
    said: dict[str, Said] = field(default_factory=dict)

    @property
    def mark(self) -> Mark:
        """The worst that any of its tasks said last."""
        return Mark(min((said.mark for said in self.said.values()), default=Mark.PASS))

    @property
    def telling(self) -> Said | None:
        """Which record says why: the first of the worst, a gate before the sealed task that waited for it."""
        worst = [said for said in self.said.values() if said.mark == self.mark]
        return min(worst, key=lambda said: (said.sealed, said.sequence), default=None)

    def take(self, task: str, said: Said) -> None:
        """Note what a task said; the newest attempt counts."""
        self.sequence = said.sequence
        self.said.pop(task, None)
        if said.mark == Mark.PASS and not said.until:
            return
        if len(self.said) < _MOST_TASKS:
            self.said[task] = said
        elif said < self.said.get(_REST, said) or _REST not in self.said:
            self.said[_REST] = said  # the worst of all that there is no room for; it is not taken back


@dataclass(slots=True)
class Standing:
    """The newest runs and what the newest scan saw.

    :param since: by class, the day from which every scan of this Dag has seen it
    :param scans: by task of the newest scanning run, the classes that it saw
    """

    sequence: int = 0
    time: str = ""
    runs: list[Marks] = field(default_factory=list)
    scanned: str = ""
    scan_run: str = ""
    scans: dict[str, dict[str, Held]] = field(default_factory=dict)
    since: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)

    def take(self, record: Record, sequence: int) -> None:
        """Go on by one record, which must be newer than all before."""
        self.sequence, self.time = sequence, moment(record.time)
        task = f"{record.run.task_id} {record.run.map_index}"
        if not self._asks_about(record):
            self._run(record).take(task, _said(record.verdict, sequence))
        if record.verdict.gate in SCANS:
            self._scan(record, task)

    @property
    def newest(self) -> Marks:
        """The run that began last."""
        return self.runs[-1]

    @property
    def until(self) -> str:
        """The first day on which a waiver of the newest run ends; empty if none does."""
        return min((said.until for said in self.newest.said.values() if said.until), default="")

    @property
    def held(self) -> dict[str, Held]:
        """The classes that the newest scanning run saw."""
        together: dict[str, Held] = {}
        for entity, seen in ((entity, seen) for scan in self.scans.values() for entity, seen in scan.items()):
            known = together.get(entity, seen)
            together[entity] = Held(max(known.level, seen.level), known.new or seen.new)
        return together

    def _asks_about(self, record: Record) -> bool:
        """True of what a person answered to a gate of a run that is kept: the gate's own mark says how it stands."""
        return record.verdict.gate is Gate.APPROVAL and any(run.run_id == record.run.run_id for run in self.runs)

    def _run(self, record: Record) -> Marks:
        known = next((run for run in reversed(self.runs) if run.run_id == record.run.run_id), None)
        if known is None:
            known = Marks(record.run.run_id, self.time)
            self.runs = [*self.runs, known][-RUNS:]
        return known

    def _scan(self, record: Record, task: str) -> None:
        if self.scan_run != record.run.run_id:
            self.scan_run, self.scans, self.columns = record.run.run_id, {}, []
        self.scanned = self.time
        task = task if task in self.scans or len(self.scans) < _MOST_TASKS else _REST
        self.scans[task] = _seen(record.verdict) | (self.scans.get(_REST, {}) if task == _REST else {})
        self.columns = sorted({*self.columns, *_columns(record.verdict)})[:_MOST_COLUMNS]
        self.since = {entity: self.since.get(entity, self.time[:10]) for entity in self.held}

    def dump(self) -> str:
        """As text that :meth:`load` reads."""
        runs = [[run.run_id, run.time, run.sequence, run.said] for run in self.runs]
        state = [self.sequence, self.time, runs, self.scanned, self.scan_run, self.scans, self.since, self.columns]
        return json.dumps(state, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> Self | None:
        """What :meth:`dump` wrote; ``None`` if somebody changed it: no gate waits for that."""
        try:
            sequence, time, runs, scanned, scan_run, scans, since, columns = _state().validate_json(text, strict=True)
        except ValueError:
            return None
        marks = [Marks(*run) for run in runs]
        return cls(sequence, time, marks, scanned, scan_run, scans, since, columns)


@cache
def _state() -> TypeAdapter[Any]:
    runs = Annotated[list[tuple[str, str, Sequence, dict[str, Said]]], Field(min_length=1, max_length=RUNS)]
    scans = dict[str, dict[str, Held]]
    return TypeAdapter(tuple[Sequence, str, runs, str, str, scans, dict[str, str], list[str]])


def copies(key: Key, standing: Standing) -> dict[str, Any]:
    """The columns to filter and order by."""
    run, held = standing.newest, standing.held
    telling = run.telling
    return {
        "sequence": standing.sequence,
        "time": standing.time,
        "mark": int(run.mark),
        "telling": telling.sequence if telling else run.sequence,
        "observed": int(telling is not None and telling.mark < Mark.WAIVED and not telling.enforced),
        "until": standing.until,
        "level": max((seen.level for seen in held.values()), default=0 if standing.scanned else -1),
        "classes": _storable(f"|{'|'.join(sorted(held))}|" if held else ""),
        "words": _storable("\n".join([key.dataset[:1_000], key.dag_id, *standing.columns]).lower()[:_MOST_WORDS]),
    }


def mark_of(verdict: Verdict) -> Mark:
    """What a gate came to."""
    if verdict.outcome is Outcome.PASS:
        return Mark.WAIVED if verdict.waived else Mark.PASS
    return Mark.FAIL if verdict.outcome is Outcome.FAIL else Mark.UNKNOWN


def _storable(text: str) -> str:
    """Names as any database holds them: a column's may have a NUL or half a surrogate pair, and must stop no gate."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _said(verdict: Verdict, sequence: int) -> Said:
    until = min((finding.waiver.until.isoformat() for finding in verdict.findings if finding.waiver), default="")
    return Said(mark_of(verdict), sequence, verdict.enforced, verdict.gate is Gate.SEAL, until)


def _seen(verdict: Verdict) -> dict[str, Held]:
    seen = {sighting.entity: Held(-1, False) for sighting in verdict.sightings}
    for finding in verdict.findings:
        if finding.entity:
            known = seen.get(finding.entity, Held(-1, False))
            level = finding.level.rank if finding.level else -1
            seen[finding.entity] = Held(max(known.level, level), known.new or finding.novelty == "NEW")
    return seen


def _columns(verdict: Verdict) -> Iterator[str]:
    yield from (sighting.column[:200] for sighting in verdict.sightings)
    yield from (finding.subject[:200] for finding in verdict.findings if finding.entity)
