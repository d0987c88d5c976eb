"""The records of one run as the page that shows them: pure, so that every word can be tested."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal
from urllib.parse import quote

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.card import Card, card
from airflow_mlsecops.web.line import Line, Span, code, line
from airflow_mlsecops.web.sentences import Titles
from airflow_mlsecops.web.told import ran, task_of


class Lead(Frozen):
    """The one note that leads the page.

    :param kind: its colour and icon
    :param head: what the reader must know in five seconds; ``then``: what to do with it
    """

    kind: Literal["fail", "unknown", "pass", "observed"]
    head: Line
    then: Line = ()


class RunView(Frozen):
    """The Security tab of one run.

    :param lead: ``None`` where no gate has spoken
    :param cards: in the order in which the tasks first spoke, sealed tasks last
    :param cut: true if the run has more records than a page reads
    """

    dag_id: str
    run_id: str
    lead: Lead | None
    summary: str
    cards: tuple[Card, ...]
    earlier_runs: str
    cut: bool = False


class Attempts(Frozen):
    """One task's newest record, how many are before it, and what people were asked and answered, oldest first."""

    newest: Entry
    earlier: int
    answers: tuple[Entry, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The one that counts."""
        return self.newest.record.verdict

    @property
    def task(self) -> str:
        """As Airflow writes it."""
        return task_of(self.newest.record.run)


def run_view(dag_id: str, run_id: str, entries: Iterable[Entry], *, titles: Titles, cut: bool = False) -> RunView:
    """Tell what the ledger holds of one run.

    :param entries: of that run, in any order
    :param titles: what people call an entity, by its name
    """
    tasks = newest_attempts(entries)
    anchors = {attempts.task: f"g{number}" for number, attempts in enumerate(tasks, start=1)}
    cards = tuple(
        card(
            attempts.newest,
            anchor=f"g{number}",
            earlier=attempts.earlier,
            answers=attempts.answers,
            anchors=anchors,
            titles=titles,
        )
        for number, attempts in enumerate(tasks, start=1)
    )
    return RunView(
        dag_id=dag_id,
        run_id=run_id,
        lead=_lead(tasks, anchors, titles) if tasks else None,
        summary=_summary(tasks),
        cards=cards,
        earlier_runs=f"dags/{quote(dag_id, safe='')}/runs",
        cut=cut,
    )


def newest_attempts(entries: Iterable[Entry]) -> tuple[Attempts, ...]:
    """Keep the newest record of each task, in the order in which they first spoke, sealed tasks last."""
    groups: dict[tuple[str, int, bool], list[Entry]] = {}
    answers: dict[tuple[str, int, bool], list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.sequence):
        run, gate = entry.record.run, entry.record.verdict.gate
        told = answers if gate is Gate.APPROVAL else groups
        told.setdefault((run.task_id, run.map_index, gate is Gate.SEAL), []).append(entry)
    in_order = sorted(groups.items(), key=lambda item: (item[0][-1], item[1][0].sequence))
    return tuple(
        Attempts(newest=group[-1], earlier=_tries(group) - 1, answers=tuple(answers.get(task, ())))
        for task, group in in_order
    )


def _tries(entries: Iterable[Entry]) -> int:
    """How many tries spoke: a seal speaks twice in one, before its task and after it."""
    told = [entry.record for entry in entries]
    return sum(record.verdict.gate is not Gate.SEAL or not ran(record.verdict) for record in told) or 1


def _lead(tasks: Sequence[Attempts], anchors: dict[str, str], titles: Titles) -> Lead:
    gates = [task for task in tasks if task.verdict.gate is not Gate.SEAL]
    seals = [task for task in tasks if task.verdict.gate is Gate.SEAL]
    if any(task.verdict.stops for task in tasks):
        return _stopped(gates, seals, anchors, titles)
    trouble = [task for task in gates if task.verdict.outcome is not Outcome.PASS]
    if trouble or any(seal.verdict.outcome is not Outcome.PASS for seal in seals):
        return _observed(trouble, anchors, titles)
    return _passed(gates, seals)


def _stopped(gates: Sequence[Attempts], seals: Sequence[Attempts], anchors: dict[str, str], titles: Titles) -> Lead:
    stopping = [task for task in gates if task.verdict.stops]
    shut = [seal for seal in seals if seal.verdict.stops and not ran(seal.verdict)]
    spoilt = [seal for seal in seals if seal.verdict.stops and ran(seal.verdict)]
    if spoilt:
        head = line("Failed. ", *_tasks(spoilt), " ran on data that nobody can vouch for: do not use what it made.")
        return Lead(kind="fail", head=head, then=_first(spoilt, anchors, titles))
    failed = any(task.verdict.outcome is Outcome.FAIL for task in stopping)
    if not stopping:
        head = line("Stopped. ", *_tasks(shut), " did not run: the ledger does not prove its data.")
        return Lead(kind="fail", head=head, then=_first(shut, anchors, titles))
    so = (", so ", *_tasks(shut), " did not run.") if shut else (".",)
    head = line(f"Stopped. {_tally(stopping)}", *so)
    return Lead(kind="fail" if failed else "unknown", head=head, then=_first(stopping, anchors, titles))


def _observed(trouble: Sequence[Attempts], anchors: dict[str, str], titles: Titles) -> Lead:
    would = f"{_tally(trouble)}; in" if trouble else "In"
    head = line(f"Observe mode: nothing was stopped. {would} enforce mode this run would have stopped.")
    return Lead(kind="observed", head=head, then=_first(trouble, anchors, titles) if trouble else ())


def _passed(gates: Sequence[Attempts], seals: Sequence[Attempts]) -> Lead:
    count = "The gate" if len(gates) == 1 else f"All {len(gates)} gates"
    if seals and gates:
        return Lead(kind="pass", head=line(f"{count} passed, so ", *_tasks(seals), " could run."))
    if seals:
        return Lead(kind="pass", head=line(*_tasks(seals), " could run: the ledger proves its data."))
    spoken = "has spoken" if len(gates) == 1 else "have spoken"
    then = line("A gate that has not run yet, or whose worker was killed, has no record and is not listed.")
    return Lead(kind="pass", head=line(f"{count} that {spoken} passed."), then=then)


def _first(tasks: Sequence[Attempts], anchors: dict[str, str], titles: Titles) -> Line:
    """Name what to fix first: a failure before an unknown, the earliest of each."""
    first = min(tasks, key=lambda task: task.verdict.outcome is not Outcome.FAIL)
    link = Span(text=first.task, kind="link", href=f"#{anchors[first.task]}")
    worst = sentences.worst(first.verdict)
    if worst is None:
        return line("First look at ", link, ".")
    if first.verdict.gate is Gate.SEAL:
        return line("First look at ", link, ": ", Span(text=worst.subject, kind="name"), ": ",
                    *sentences.brief(worst, titles))  # fmt: skip
    return line("First fix ", link, ": ", *sentences.brief(worst, titles))


def _tally(tasks: Sequence[Attempts]) -> str:
    failed = sum(task.verdict.outcome is Outcome.FAIL for task in tasks)
    unknown = len(tasks) - failed
    if not unknown:
        return f"{_gates(failed)} failed"
    return f"{_gates(failed)} failed and {unknown} could not tell" if failed else f"{_gates(unknown)} could not tell"


def _gates(count: int) -> str:
    return f"{count} gate{'' if count == 1 else 's'}"


def _tasks(tasks: Sequence[Attempts]) -> list[Span | str]:
    pieces: list[Span | str] = []
    for index, task in enumerate(tasks):
        if index:
            pieces.append(" and " if index == len(tasks) - 1 else ", ")
        pieces.append(code(task.task))
    return pieces


def _summary(tasks: Sequence[Attempts]) -> str:
    sealed = sum(task.verdict.gate is Gate.SEAL for task in tasks)
    gates = len(tasks) - sealed
    also = f" and {sealed} sealed task{'' if sealed == 1 else 's'}" if sealed else ""
    seconds = sum(task.verdict.seconds for task in tasks)
    return f"{_gates(gates)}{also}, {seconds:,.1f} s together"
