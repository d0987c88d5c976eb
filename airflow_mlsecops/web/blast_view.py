"""A blast radius as its page shows it: pure, so that every word can be tested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.blast_asked import BlastAsked
from airflow_mlsecops.web.blast_nouns import How, Node, Runs, Spread, Task
from airflow_mlsecops.web.blast_tree import Row, tree
from airflow_mlsecops.web.line import Line, Span, line, name
from airflow_mlsecops.web.sentences import Titles

MOST_TODO = 3
Kind = Literal["fail", "unknown", "info"]


class TableRow(Frozen):
    """One column that was reached, in the table."""

    dataset: str
    environment: str
    column: str
    rows: str
    first: str
    last: str
    runs: str
    tasks: Line


class BlastView(Frozen):
    """The page of a trace that was asked for.

    :param kind: colour of the leading note
    """

    kind: Kind
    head: Line
    then: tuple[Line, ...]
    tree: tuple[Row, ...]
    alike: tuple[Row, ...]
    todo: tuple[Line, ...]
    blind: tuple[Line, ...]
    table: tuple[TableRow, ...]


def blast_view(found: Spread, asked: BlastAsked, *, titles: Titles) -> BlastView:
    """Tell how far it got."""
    reached = [node for node in found.nodes if node.how is not How.ALIKE]
    alike = [node for node in found.nodes if node.how is How.ALIKE]
    return BlastView(
        kind=_kind(found, reached),
        head=_head(reached, found, asked, titles),
        then=tuple(_then(reached, alike)),
        tree=tree(reached, titles),
        alike=tree(alike, titles),
        todo=tuple(_todo(reached))[:MOST_TODO],
        blind=tuple(_blind(found, asked)),
        table=tuple(map(_table_row, found.nodes)),
    )


def _kind(found: Spread, reached: list[Node]) -> Kind:
    if any(node.how is How.ORIGIN for node in reached) or _tasks(reached):
        return "fail"
    if not found.current or found.cut:
        return "unknown"
    return "info"  # nothing found is no proof that nothing is there


def _what(asked: BlastAsked, titles: Titles) -> str:
    """What is followed, in the middle of a sentence."""
    return sentences.plural(sentences.title(asked.entity, titles)) if asked.entity else "classes of any kind"


def between(asked: BlastAsked) -> str:
    """The days, in words."""
    same = asked.since.year == asked.until.year
    begin = f"{asked.since.day} {asked.since:%B}" + ("" if same else f" {asked.since.year}")
    return f"between {begin} and {asked.until.day} {asked.until:%B} {asked.until.year}"


def _from(asked: BlastAsked) -> Line:
    column = ("column ", name(asked.column, stressed=True), " of ") if asked.column else ()
    return line(*column, name(asked.dataset, stressed=True))


def _head(reached: list[Node], found: Spread, asked: BlastAsked, titles: Titles) -> Line:
    what = _what(asked, titles)
    if not found.nodes:
        looked = f"in the {_number(found.datasets, 'dataset')} that you may see, {between(asked)}."
        return line(f"Nothing was found: {what} from ", *_from(asked), f" were looked for {looked}")
    datasets = len({node.spot.dataset for node in reached if node.how is How.ORIGIN})
    least = "at least " if any(runs.cut for node in reached for runs in node.runs) else ""
    far = _number(datasets, "dataset") if datasets else "no other dataset that is known"
    used = f"{least}{_number(_runs(reached), 'run')} and {_number(len(_tasks(reached)), 'sealed task')}"
    told = f" reached {far}, {used} {between(asked)}."
    if not asked.entity:
        return line("What ", *_from(asked), f" holds{told}")
    return line(f"{sentences.capital(what)} from ", *_from(asked), told)


def _runs(reached: list[Node]) -> int:
    read = {(runs.dag_id, run_id) for node in reached for runs in node.runs for run_id in runs.run_ids}
    unread = sum(runs.count for node in reached for runs in node.runs if not runs.run_ids)
    return len(read) + unread


def _tasks(nodes: Iterable[Node]) -> dict[tuple[str, str], list[tuple[Node, Task]]]:
    """Sealed tasks that ran, by Dag and task."""
    of_task: dict[tuple[str, str], list[tuple[Node, Task]]] = {}
    for node, runs, task in _sealed(nodes):
        if task.ran:
            of_task.setdefault((runs.dag_id, task.task_id), []).append((node, task))
    return of_task


def _sealed(nodes: Iterable[Node]) -> Iterator[tuple[Node, Runs, Task]]:
    yield from ((node, runs, task) for node in nodes for runs in node.runs for task in runs.tasks)


def _then(reached: list[Node], alike: list[Node]) -> Iterator[Line]:
    made = _made(reached)
    if made:
        shown = [piece for uri in list(made)[:3] for piece in (", ", name(uri, stressed=True))][1:]
        more = f" and {len(made) - 3:,} more" if len(made) > 3 else ""
        yield line(
            f"{_number(len(made), 'place')} {_be(len(made))} written by sealed tasks that ran on them: ",
            *shown,
            f"{more}.",
        )
    if silent := sum(not any(task.makes for _, task in told) for told in _tasks(reached).values()):
        yield line(f"What {_number(silent, 'sealed task')} made is not recorded.")
    never = {(runs.dag_id, task.task_id) for _, runs, task in _sealed(reached) if task.stopped and not task.ran}
    if held := sorted(never - _tasks(reached).keys()):
        yield line(f"{_number(len(held), 'sealed task')} {_be(len(held))} stopped in time: ", name(held[0][1]),
                   f" and {len(held) - 1:,} more." if len(held) > 1 else ".")  # fmt: skip
    if alike:
        also = len({node.spot.dataset for node in alike})
        hold = "holds" if also == 1 else "hold"
        yield line(
            f"{_number(also, 'more dataset')} {hold} the same class in a column called alike; no value was compared."
        )


def _made(reached: list[Node]) -> dict[str, str]:
    """What sealed tasks made, by whom."""
    return {uri: task_id for (_, task_id), told in _tasks(reached).items() for _, task in told for uri in task.makes}


def _todo(reached: list[Node]) -> Iterator[Line]:
    """What facts ask for, one of each kind first: who reads it, what was made of it, where it comes in."""
    kinds = [list(_close(reached)), list(_withdraw(reached)), list(_drop(reached))]
    for turn in range(max(map(len, kinds), default=0)):
        yield from (steps[turn] for steps in kinds if turn < len(steps))


def _close(reached: list[Node]) -> Iterator[Line]:
    for dataset in dict.fromkeys(node.spot.dataset for node in reached if node.strangers):
        yield line("Close ", name(dataset, stressed=True), " to readers whom the policy does not list.")


def _withdraw(reached: list[Node]) -> Iterator[Line]:
    for uri, task_id in _made(reached).items():
        yield line("Withdraw what ", name(task_id), " made: ", name(uri, stressed=True), ".")
    for (dag_id, task_id), told in _tasks(reached).items():
        if not any(task.makes for _, task in told):
            yield line("Find out what ", name(task_id, stressed=True), " of Dag ", name(dag_id), " made of it.")


def _drop(reached: list[Node]) -> Iterator[Line]:
    for node in reached:
        if node.how is How.ORIGIN:
            yield line(
                "Drop ",
                name(node.spot.column, stressed=True),
                " in the task that writes ",
                name(node.spot.dataset),
                ".",
            )


def _blind(found: Spread, asked: BlastAsked) -> Iterator[Line]:
    if not found.current:
        yield line("The newest records: they are not in the trace yet. Load this page again.")
    if found.cut:
        yield line("All of it: there is more than this page follows. Ask for fewer days, or one column.")
    yield line("Copies made outside Airflow")
    yield line("Datasets without a gate")
    yield line("Where values came from, if no gate names the dataset before it in ", name("parents="))
    yield line("Dags that you may not read: they are left out")


def _table_row(node: Node) -> TableRow:
    least = "at least " if any(runs.cut for runs in node.runs) else ""
    return TableRow(
        dataset=node.spot.dataset,
        environment=node.spot.environment,
        column=node.spot.column,
        rows="not counted" if node.rows is None else f"{node.rows:,}",
        first=node.first[:10],
        last=node.last[:10],
        runs=f"{least}{sum(runs.count for runs in node.runs):,}",
        tasks=_table_tasks(node),
    )


def _table_tasks(node: Node) -> Line:
    told = [task for _, _, task in _sealed((node,))]
    ran = [task for task in told if task.ran]
    if not ran:
        return line("none, stopped" if told else "none")
    pieces: list[Span | str] = []
    for task in ran[:3]:
        pieces += [", ", name(task.task_id)]
        pieces += [" made ", name(task.makes[0])] if task.makes else []
    return line(*pieces[1:], f" and {len(ran) - 3:,} more" if len(ran) > 3 else "")


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _be(count: int) -> str:
    return "was" if count == 1 else "were"
