"""The Security tab of one task as its template shows it: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.verdict import Verdict
from airflow_mlsecops.operators.links import instance_address
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.answers import Answers, answers_of
from airflow_mlsecops.web.attempts import Tried, tried
from airflow_mlsecops.web.card import Card, card
from airflow_mlsecops.web.facts import Fact, facts_of
from airflow_mlsecops.web.history import History
from airflow_mlsecops.web.line import line, name
from airflow_mlsecops.web.sentences import Pair, Titles

_TOLD_AS_FACTS = frozenset({"Found in", "Class", "New", "Comes from", "About", "Rows", "Check"})


class Said(Frozen):
    """One verdict of a task, opened.

    :param why: the reasons beside what to do, and ``why_title`` what they are reasons for
    """

    card: Card
    facts: tuple[Fact, ...]
    why_title: str
    why: tuple[Pair, ...]


class TaskView(Frozen):
    """The Security tab of one task instance.

    :param said: the newest verdict first of all that count: of a gate one, of a sealed task one for each dataset
    :param history: of the first; ``None`` where there is but one run
    :param answers: what people were asked, and said; ``answer_at`` is where to answer, relative to Airflow's root
    """

    task: str
    said: tuple[Said, ...]
    history: History | None
    answers: Answers
    answer_at: str
    attempts: tuple[Tried, ...]
    more_attempts: int


def newest_of(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The records that count among those of one task: what it is told by first.

    A task may be sealed on several datasets, and each of its seals speaks for itself.
    """
    newest: dict[tuple[bool, str], Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.sequence):
        verdict = entry.record.verdict
        if verdict.gate is not Gate.APPROVAL:
            sealed = verdict.gate is Gate.SEAL
            newest[sealed, f"{verdict.dataset}\n{verdict.partition}" if sealed else ""] = entry
    return tuple(sorted(newest.values(), key=lambda entry: (not entry.record.verdict.stops, -entry.sequence)))


def task_view(
    entries: Sequence[Entry], *, history: History | None, owner: str, titles: Titles, now: datetime
) -> TaskView:
    """Tell what the ledger holds of one task instance.

    :param entries: of that instance, at least one of them a verdict
    :param owner: who answers for the dataset; empty if nobody does
    """
    counting = newest_of(entries)
    run = counting[0].record.run
    attempts = tried(entries, {entry.record.id for entry in counting})
    return TaskView(
        task=run.task_id,
        said=tuple(_said(entry, f"g{number}", owner, titles) for number, entry in enumerate(counting, start=1)),
        history=history,
        answers=answers_of(entries, now),
        answer_at=f"{instance_address(run.dag_id, run.run_id, run.task_id, run.map_index)}/required_actions",
        attempts=attempts[:MOST_ATTEMPTS],
        more_attempts=max(0, len(attempts) - MOST_ATTEMPTS),
    )


MOST_ATTEMPTS = 50


def _said(entry: Entry, anchor: str, owner: str, titles: Titles) -> Said:
    verdict = entry.record.verdict
    worst = sentences.worst(verdict)
    shown = card(entry, anchor=anchor, earlier=0, anchors={}, titles=titles)
    why = [pair for pair in shown.told.pairs if pair.label not in _TOLD_AS_FACTS or verdict.gate is Gate.SEAL]
    owned = [Pair(label="Owner", line=line(name(owner)))] if owner and why else []
    return Said(
        card=shown,
        facts=facts_of(entry.record, worst, titles),
        why_title=_why_title(verdict, "does not run" if verdict.gate is Gate.SEAL else "stops the run"),
        why=(*why, *owned),
    )


def _why_title(verdict: Verdict, stops: Literal["does not run", "stops the run"]) -> str:
    if verdict.gate is Gate.SEAL:
        return "Why it does not run" if verdict.stops else "Why it would not have run"
    return f"Why this {stops}" if verdict.stops else "Why this would have stopped the run"
