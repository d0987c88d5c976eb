"""How far data went, followed from record to record within the Dags that may be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from typing import NamedTuple

from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.ledger.traces import Sighted
from airflow_mlsecops.ledger.trail import Came, Kind, Said, said_by
from airflow_mlsecops.web.blast_asked import BlastAsked
from airflow_mlsecops.web.blast_nouns import How, Node, Runs, Spot, Spread, Task

MOST_DATASETS = 200
MOST_RECORDS = 1_000
_MOST_OF_ONE = 300
_MOST_ALIKE = 50


def spread(ledger: Ledger, asked: BlastAsked, *, datasets: int) -> Spread:
    """Follow what is asked for.

    :param datasets: how many the Dags that may be seen have
    :raises LedgerTampered: if the trace does not agree with the records
    """
    steps, cut = _steps(ledger, asked) if asked.dataset else ([], False)
    reader = _Reader(ledger, asked)
    nodes = tuple(node for step in steps if (node := reader.node(step)) is not None)
    return Spread(nodes=nodes, cut=cut or reader.cut, current=ledger.traces_current(), datasets=datasets)


class _Step(NamedTuple):
    """A spot, by what the Dags say that saw it."""

    spot: Spot
    how: How
    parent: Spot | None
    said: tuple[Sighted, ...]


def _steps(ledger: Ledger, asked: BlastAsked) -> tuple[list[_Step], bool]:
    """Breadth first; a spot is reached once, so that circles end."""
    begun = _grouped(_seen(ledger, asked, dataset=asked.dataset, column=asked.column))
    steps = [_Step(spot, How.SOURCE, None, said) for spot, said in begun.items()]
    roots = [step.spot for step in steps] or [Spot(asked.dataset, "", asked.column, asked.entity)]
    known, queue, cut = set(begun), list(roots), False
    while queue and not (cut := len({spot.dataset for spot in known}) > MOST_DATASETS):
        parent = queue.pop(0)
        for spot, said in _grouped(_children(ledger, asked, parent)).items():
            if spot not in known:
                known.add(spot)
                queue.append(spot)
                steps.append(_Step(spot, How.ORIGIN, parent, said))
    alike = _grouped(_alike(ledger, asked, roots))
    steps += [_Step(spot, How.ALIKE, None, said) for spot, said in alike.items() if spot not in known]
    return steps[: 2 * MOST_DATASETS], cut or len(steps) > 2 * MOST_DATASETS


def _children(ledger: Ledger, asked: BlastAsked, parent: Spot) -> Iterator[Sighted]:
    for one in _seen(ledger, asked, parent=parent.dataset):
        # Where the trace begins at a dataset that no gate looked at, nothing but the address says what is meant.
        same = parent.column in ("", one.parent_column) and parent.entity in ("", one.entity)
        if same and parent.environment in ("", one.environment):
            yield one


def _alike(ledger: Ledger, asked: BlastAsked, roots: Iterable[Spot]) -> Iterator[Sighted]:
    for column, entity in dict.fromkeys((spot.column, spot.entity) for spot in roots if spot.column and spot.entity):
        for one in _seen(ledger, asked, column=column, entity=entity, most=_MOST_ALIKE):
            if not one.parent and one.dataset != asked.dataset:
                yield one


def _seen(
    ledger: Ledger,
    asked: BlastAsked,
    *,
    dataset: str = "",
    column: str = "",
    entity: str = "",
    parent: str = "",
    most: int = MOST_DATASETS,
) -> tuple[Sighted, ...]:
    return ledger.sighted(
        asked.dags,
        dataset=dataset or None,
        environment=asked.environment or None,
        column=column or None,
        entity=entity or asked.entity or None,
        parent=parent or None,
        since=asked.since,
        until=asked.until,
        limit=most,
    )


def _grouped(found: Iterable[Sighted]) -> dict[Spot, tuple[Sighted, ...]]:
    together: dict[Spot, tuple[Sighted, ...]] = {}
    for one in found:
        spot = Spot(one.dataset, one.environment, one.column, one.entity)
        together[spot] = (*together.get(spot, ()), one)
    return together


class _Reader:
    """Reads the records of what was reached, so many in all."""

    def __init__(self, ledger: Ledger, asked: BlastAsked) -> None:
        self._ledger, self._asked = ledger, asked
        self._left, self.cut = MOST_RECORDS, False
        self._known: dict[tuple[str, str, str], tuple[list[Entry], bool]] = {}
        self._since = datetime.combine(asked.since, time.min, UTC)
        self._until = datetime.combine(asked.until, time.max, UTC)

    def node(self, step: _Step) -> Node | None:
        """What the records say within the days; ``None`` if none of them is of these days."""
        if step.how is How.ALIKE:  # nobody knows whether it came from there: its records are not read for it
            return self._as_traced(step)
        runs: list[Runs] = []
        newest: list[tuple[Entry, Said]] = []
        asked: list[Entry] = []
        for one in step.said:
            entries, cut = self._entries(one)
            seen = [(entry, said) for entry in entries if (said := _said_of(entry, step.spot))]
            if seen:
                runs.append(_runs_of(one.dag_id, [entry for entry, _ in seen], entries, cut=cut))
                newest.append(seen[0])
            elif cut:  # what could not be read is told as the trace has it, not left out
                runs.append(_as_traced(one, cut=True))
            asked += [entry for entry in entries if entry.record.verdict.gate is Gate.ACCESS][:1]
        if not runs:
            return None
        last = max(newest, key=lambda one: one[0].sequence, default=None)
        return Node(
            spot=step.spot,
            how=step.how,
            parent=step.parent,
            rows=last[1].rows if last else step.said[0].rows,
            of=last[1].of if last else step.said[0].of,
            finding=_finding(last[0], step.spot) if last else None,
            strangers=_strangers(max(asked, key=lambda entry: entry.sequence)) if asked else None,
            runs=tuple(runs),
        )

    def _as_traced(self, step: _Step) -> Node:
        newest = step.said[0]
        return Node(
            spot=step.spot, how=step.how, parent=None, rows=newest.rows, of=newest.of, finding=None, strangers=None,
            runs=tuple(map(_as_traced, step.said)),
        )  # fmt: skip

    def _entries(self, said: Sighted) -> tuple[list[Entry], bool]:
        """Records on a dataset by one Dag within the days, newest first; and whether there are more."""
        key = said.dataset, said.environment, said.dag_id
        if key not in self._known and self._left <= 0:
            self.cut = True
            return [], True
        if key not in self._known:
            most = min(_MOST_OF_ONE, self._left)
            found = self._ledger.history(
                dataset=said.dataset, environment=said.environment, dag_id=said.dag_id, since=self._since, limit=most
            )
            self._left -= len(found)
            cut = len(found) == most
            self.cut = self.cut or cut
            self._known[key] = [entry for entry in found if entry.record.time <= self._until], cut
        return self._known[key]


def _said_of(entry: Entry, spot: Spot) -> Said | None:
    names = (spot.column, spot.entity)
    return next((said for said in said_by(entry.record) if said.kind is Kind.SIGHTED and said.names == names), None)


def _as_traced(one: Sighted, *, cut: bool = False) -> Runs:
    return Runs(
        dag_id=one.dag_id, count=one.runs, run_ids=(), first=one.first, last=one.last, stopped=0, waived=0, tasks=(),
        cut=cut,
    )  # fmt: skip


def _finding(entry: Entry, spot: Spot) -> Finding | None:
    found = entry.record.verdict.findings
    return next((one for one in found if (one.subject, one.entity) == (spot.column, spot.entity)), None)


def _strangers(entry: Entry) -> Finding | None:
    found = entry.record.verdict.findings
    return next((one for one in found if one.code == "READERS" and one.status is not Status.PASS), None)


def _runs_of(dag_id: str, seen: list[Entry], entries: list[Entry], *, cut: bool) -> Runs:
    run_ids = tuple(dict.fromkeys(entry.record.run.run_id for entry in reversed(seen)))
    newest: dict[tuple[str, str, int], Entry] = {}
    for entry in entries:  # newest first: of each task its newest attempt counts
        run = entry.record.run
        if run.run_id in run_ids and entry.record.verdict.gate is not Gate.APPROVAL:
            newest.setdefault((run.run_id, run.task_id, run.map_index), entry)
    stopped = {entry.record.run.run_id for entry in newest.values() if entry.record.verdict.stops}
    waived = {entry.record.run.run_id for entry in newest.values() if entry.record.verdict.waived} - stopped
    moments = [entry.record.time.astimezone(UTC).isoformat() for entry in seen]
    return Runs(
        dag_id=dag_id,
        count=len(run_ids),
        run_ids=run_ids,
        first=min(moments),
        last=max(moments),
        stopped=len(stopped),
        waived=len(waived),
        tasks=tuple(_tasks(entry for entry in entries if entry.record.run.run_id in run_ids)),
        cut=cut,
    )


def _tasks(entries: Iterable[Entry]) -> Iterator[Task]:
    """Sealed tasks, from records of some runs, newest first."""
    of_task: dict[str, list[tuple[Entry, Came]]] = {}
    for entry in entries:
        for said in said_by(entry.record):
            if said.kind is Kind.CONSUMED:
                of_task.setdefault(said.names[0], []).append((entry, said.came))
    for task_id, told in sorted(of_task.items()):
        through = [entry for entry, came in told if came is Came.ON]
        ran = {entry.record.run.run_id for entry in through}
        stopped = {entry.record.run.run_id for entry, _ in told} - ran
        makes = dict.fromkeys(uri for entry in through for uri in entry.record.verdict.makes)
        last = (through or [entry for entry, _ in told])[0].record.time.astimezone(UTC).date().isoformat()
        yield Task(task_id=task_id, ran=len(ran), stopped=len(stopped), last=last, makes=tuple(makes))
