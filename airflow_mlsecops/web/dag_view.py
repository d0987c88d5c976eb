"""The Security tab of a Dag as its template shows it: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from airflow_mlsecops.core.finding import AppliedWaiver, Finding
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.waiver import WaiverUse
from airflow_mlsecops.ledger.dag_runs import Spoken
from airflow_mlsecops.ledger.overview import Day
from airflow_mlsecops.operators.links import TASK_ROUTE, instance_address
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.card import mark_of, word_of
from airflow_mlsecops.web.cost import cost_of, seconds
from airflow_mlsecops.web.coverage import Uncovered, uncovered
from airflow_mlsecops.web.dag_structure import Structure
from airflow_mlsecops.web.facts import dataset_link
from airflow_mlsecops.web.flow import Step, flow
from airflow_mlsecops.web.history import NOT_VERIFIED, mark_of_run
from airflow_mlsecops.web.lately import RUNS, Lately, last_runs_of, lately, worst_of
from airflow_mlsecops.web.line import Line, line, name
from airflow_mlsecops.web.sentences import Titles
from airflow_mlsecops.web.strip import Strip, strip_of

DAYS = 30
_QUESTIONS = {
    Gate.CLASSIFY: "What is in it?",
    Gate.SANITIZE: "Made harmless?",
    Gate.VALIDATE: "Is it as expected?",
    Gate.ISOLATION: "Is this the right environment, and is the job closed?",
    Gate.ACCESS: "May this Dag use it, and who else can read it?",
    Gate.SEAL: "Sealed: asks the ledger",
}


class GateLine(Frozen):
    """A gate or a sealed task.

    :param gone: true if the Dag has no such task any more
    :param stopped: in how many of the runs of the strip
    :param href: of the task it spoke for last, relative to Airflow's root
    """

    task: str
    sealed: bool
    gone: bool
    question: str
    dataset: Line
    mark: str
    word: str
    observed: bool
    strip: Strip
    stopped: int
    takes: str
    href: str


class WaiverLine(Frozen):
    """A waiver in force."""

    finding: Line
    dataset: Line
    until: str
    approved_by: str
    requested_by: str


class DagView(Frozen):
    """The Security tab of one Dag.

    :param steps: the way to training, columns of tasks that may run at once; empty where it is not known
    :param uncovered: tasks that read what no gate before them looked at; ``None`` where that is not known
    :param cut: true if the Dag has more records than a page counts
    """

    mark: str
    word: str
    stopped: str
    stopped_of: str
    sealed: str
    added: str
    read: str
    environments: str
    steps: tuple[tuple[Step, ...], ...]
    more_steps: int
    gates: tuple[GateLine, ...]
    runs: int
    waivers: tuple[WaiverLine, ...] | None
    uncovered: tuple[Uncovered, ...] | None
    says_nothing: int
    cut: bool


def dag_view(
    dag_id: str,
    spoken: Sequence[Spoken],
    entries: Mapping[int, Entry],
    *,
    structure: Structure | None,
    days: Sequence[Day],
    waivers: Sequence[tuple[WaiverUse, Entry | None]] | None,
    granted: Sequence[Entry],
    titles: Titles,
    now: datetime,
    cut: bool = False,
) -> DagView:
    """Tell how a Dag stands.

    :param spoken: its newest records, newest first, at least one
    :param entries: those that are shown in words, by their place, if they verify
    :param waivers: uses of waivers with the newest record of each; ``None`` where that is not known
    :param granted: what people answered
    """
    order = [task.task_id for task in structure.tasks] if structure else []
    tasks, runs = lately(spoken, order), last_runs_of(spoken)
    known = set(order) if structure else None
    gates = tuple(_gate(dag_id, task, entries, runs, known) for task in tasks)
    marks = {gate.task: (gate.mark, gate.word) for gate in gates}
    steps, more = flow(structure, {gate.task: _step(gate) for gate in gates}) if structure else ((), 0)
    last = [(gate.mark, gate.word) for gate, task in zip(gates, tasks, strict=True) if task.telling.run_id == runs[0]]
    mark, word = min(last or list(marks.values()), key=lambda found: _WORST.index(found[0]))
    stopped, of = _stopped(spoken, now)
    cost = cost_of(tuple(days))
    sealed = sum(task.sealed for task in tasks)
    return DagView(
        mark=mark,
        word={"none": "Stopped", "pass": "Pass"}.get(mark, word),
        stopped=f"{stopped:,} of {of:,}",
        stopped_of="of the newest that are counted" if cut else "",
        sealed=f"{sealed:,} of {len(structure.tasks):,} tasks" if structure else f"{sealed:,}",
        added=cost.added if cost else "",
        read=cost.read if cost else "",
        environments=", ".join(sorted({one.environment for one in spoken if one.run_id == runs[0]})),
        steps=steps,
        more_steps=more,
        gates=gates,
        runs=len(runs),
        waivers=None
        if waivers is None
        else (
            *_waivers(waivers, titles, now.date()),
            *_granted(granted, {use.waiver for use, _ in waivers}, titles, now.date()),
        ),
        uncovered=uncovered(structure, {task.task_id for task in tasks}) if structure else None,
        says_nothing=sum(not task.gate and not task.reads for task in structure.tasks) if structure else 0,
        cut=cut,
    )


def _step(gate: GateLine) -> Step:
    kind = "sealed" if gate.sealed else "gate"
    return Step(task=gate.task, kind=kind, mark=gate.mark, word=gate.word, href=gate.href)


_WORST = ("fail", "unknown", "none", "pass")


def _stopped(spoken: Sequence[Spoken], now: datetime) -> tuple[int, int]:
    since = (now - timedelta(days=DAYS)).isoformat()
    recent = [one for one in spoken if one.time[:19] >= since[:19]]
    return len({one.run_id for one in recent if one.stops}), len({one.run_id for one in recent})


def _gate(
    dag_id: str, task: Lately, entries: Mapping[int, Entry], runs: Sequence[str], known: set[str] | None
) -> GateLine:
    telling, entry = task.telling, entries.get(task.telling.sequence)
    verdict = entry.record.verdict if entry else None
    return GateLine(
        task=task.task_id,
        sealed=task.sealed,
        gone=known is not None and task.task_id not in known,
        question=_QUESTIONS.get(telling.gate, ""),
        dataset=_dataset(entry) if entry else (),
        mark=mark_of(verdict) if verdict else "fail",
        word=word_of(verdict) if verdict else NOT_VERIFIED,
        observed=bool(verdict and not verdict.enforced),
        strip=strip_of([_mark(worst_of(task.spoken, run), entries) for run in reversed(runs)], RUNS),
        stopped=len({one.run_id for one in task.spoken if one.stops}),
        takes=seconds(verdict.seconds) if verdict else "",
        href=f"{instance_address(dag_id, telling.run_id, task.task_id, telling.map_index)}/plugin/{TASK_ROUTE}",
    )


def _mark(one: Spoken | None, entries: Mapping[int, Entry]) -> str:
    """The mark of a run: by its record where that was read, else by its columns."""
    if one is None:
        return "none"
    entry = entries.get(one.sequence)
    return mark_of_run(entry.record.verdict) if entry else one.outcome.value


def _dataset(entry: Entry) -> Line:
    verdict = entry.record.verdict
    if verdict.gate is Gate.ISOLATION:
        return line(name(verdict.asked or entry.record.environment))
    return line(dataset_link(verdict.dataset, entry.record.environment))


def _waivers(uses: Sequence[tuple[WaiverUse, Entry | None]], titles: Titles, today: date) -> Iterator[WaiverLine]:
    """Waivers that gates of this Dag applied, and that have not ended; one whose record does not verify is said so."""
    for use, entry in uses:
        found = _applied(entry.record.verdict.findings, use) if entry else None
        if entry and (found is None or found.until < today):
            continue
        what = f", {sentences.title(use.entity, titles)}" if use.entity else ""
        yield WaiverLine(
            finding=line(name(use.subject, stressed=True), what),
            dataset=line(dataset_link(use.dataset, use.environment)),
            until=str(found.until) if found else NOT_VERIFIED,
            approved_by=found.approved_by if found else "",
            requested_by=found.requested_by if found else "",
        )


def _granted(answers: Sequence[Entry], applied: Collection[str], titles: Titles, today: date) -> Iterator[WaiverLine]:
    """Waivers that people granted, that have not ended, and that no gate has applied so far."""
    for answer in answers:
        told = answer.record.verdict.answer
        for waiver in told.waivers if told else ():
            if waiver.id not in applied and waiver.until >= today:
                what = f", {sentences.title(waiver.entity, titles)}" if waiver.entity else ""
                yield WaiverLine(
                    finding=line(name(waiver.subject, stressed=True), what, " (granted, not applied yet)"),
                    dataset=line(name(waiver.dataset)),
                    until=str(waiver.until),
                    approved_by=waiver.approved_by,
                    requested_by=waiver.requested_by,
                )


def _applied(findings: Sequence[Finding], use: WaiverUse) -> AppliedWaiver | None:
    return next((one.waiver for one in findings if one.waiver and one.waiver.id == use.waiver), None)
