"""All instances of a mapped task, those that need somebody first: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.ledger.dag_runs import Spoken
from airflow_mlsecops.operators.links import instance_address
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.card import mark_of, word_of
from airflow_mlsecops.web.cost import seconds
from airflow_mlsecops.web.history import NOT_VERIFIED
from airflow_mlsecops.web.line import Line, code, line
from airflow_mlsecops.web.sentences import Titles

SIZE = 50
_RANK = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS)
_WORDS = {Outcome.FAIL: "failed", Outcome.UNKNOWN: "could not tell", Outcome.PASS: "passed"}


class Instance(Frozen):
    """One instance of a mapped task.

    :param href: its own page, relative to Airflow's root
    """

    index: int
    mark: str
    word: str
    why: Line
    dataset: str
    took: str
    href: str


class InstancesView(Frozen):
    """One page of a mapped task's instances.

    :param counted: of all of them, in words
    :param cut: true if the run has more records of it than a page counts
    :param previous, next: numbers of pages, 0 for none
    """

    task: str
    counted: str
    instances: tuple[Instance, ...]
    range: str
    previous: int
    next: int
    cut: bool


def newest_instances(spoken: Sequence[Spoken]) -> tuple[Spoken, ...]:
    """The newest record of each instance: failed first, then unknown, then passed, each by its index."""
    newest: dict[int, Spoken] = {}
    for one in spoken:
        if one.gate is not Gate.APPROVAL:
            newest.setdefault(one.map_index, one)
    return tuple(sorted(newest.values(), key=lambda one: (_RANK.index(one.outcome), one.map_index)))


def page_of(instances: Sequence[Spoken], page: int) -> tuple[Spoken, ...]:
    """Those of one page, from 1."""
    return tuple(instances[(page - 1) * SIZE : page * SIZE])


def instances_view(
    dag_id: str,
    instances: Sequence[Spoken],
    entries: Mapping[int, Entry],
    *,
    page: int,
    titles: Titles,
    cut: bool = False,
) -> InstancesView:
    """Tell one page of a mapped task's instances.

    :param instances: all of them, as ``newest_instances`` orders them
    :param entries: records of the page, by their place, those that verify
    """
    shown = page_of(instances, page)
    often = Counter(one.outcome for one in instances)
    counted = ", ".join(f"{often[outcome]:,} {_WORDS[outcome]}" for outcome in _RANK if often[outcome])
    first = (page - 1) * SIZE + 1
    return InstancesView(
        task=instances[0].task_id,
        counted=f"{len(instances):,} instances: {counted}.",
        instances=tuple(_instance(dag_id, one, entries.get(one.sequence), titles) for one in shown),
        range=f"{first:,} to {first + len(shown) - 1:,} of {len(instances):,}."
        if shown
        else "There are none on this page.",
        previous=page - 1,
        next=page + 1 if page * SIZE < len(instances) else 0,
        cut=cut,
    )


def _instance(dag_id: str, one: Spoken, entry: Entry | None, titles: Titles) -> Instance:
    href = instance_address(dag_id, one.run_id, one.task_id, one.map_index)
    if entry is None:
        why = line("Its record does not verify: ", code("airflow-mlsecops ledger verify"), ".")
        return Instance(
            index=one.map_index, mark="fail", word=NOT_VERIFIED, why=why, dataset="", took="", href=href
        )  # fmt: skip
    verdict = entry.record.verdict
    worst = sentences.worst(verdict)
    return Instance(
        index=one.map_index,
        mark=mark_of(verdict),
        word=word_of(verdict),
        why=sentences.say(worst, titles) if worst else (),
        dataset=verdict.dataset,
        took=seconds(verdict.seconds),
        href=href,
    )
