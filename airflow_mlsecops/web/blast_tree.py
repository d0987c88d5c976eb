"""The way that data went, as a tree of rows: pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal
from urllib.parse import quote, urlencode

from airflow_mlsecops.core.finding import Finding, Novelty
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.words import share
from airflow_mlsecops.operators.links import URL_ROUTE
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.blast_nouns import How, Node, Runs, Spot, Task
from airflow_mlsecops.web.line import Line, Span, line, name
from airflow_mlsecops.web.sentences import Titles

MOST_CHILDREN = 100


class Badge(Frozen):
    """A word with a sign."""

    mark: Literal["fail", "pass", "none", "unknown"]
    word: str
    waived: bool = False


class Row(Frozen):
    """One row of the tree, with those below it.

    :param dataset: query of the page of a dataset, if the row is about one; its name then leads the row
    :param tag: the class that the column holds
    """

    icon: Literal["data", "run", "lock", "model", "info"]
    line: Line
    dataset: str = ""
    called: str = ""
    tag: str = ""
    new: bool = False
    badges: tuple[Badge, ...] = ()
    note: Line = ()
    below: tuple[Row, ...] = ()


def tree(nodes: Iterable[Node], titles: Titles) -> tuple[Row, ...]:
    """Rows of what came from nowhere else among the nodes, each with what came from it below."""
    known = list(nodes)
    spots = {node.spot for node in known}
    of_parent: dict[Spot | None, list[Node]] = {}
    for node in known:
        of_parent.setdefault(node.parent if node.parent in spots else None, []).append(node)

    def row(node: Node, depth: int) -> Row:
        children = of_parent.get(node.spot, []) if depth < 20 else []
        below = (*map(_runs, node.runs), *(row(child, depth + 1) for child in children[:MOST_CHILDREN]))
        return _node(node, titles).model_copy(update={"below": below})

    return tuple(row(node, 0) for node in of_parent.get(None, [])[:MOST_CHILDREN])


def _node(node: Node, titles: Titles) -> Row:
    spot = node.spot
    new = node.finding is not None and node.finding.novelty is Novelty.NEW
    title = sentences.capital(sentences.title(spot.entity, titles))
    query = urlencode({"name": spot.dataset, "env": spot.environment})
    return Row(
        icon="data",
        dataset=f"dataset?{query}",
        called=spot.dataset,
        line=line(", ", name(spot.column)),
        tag=f"New: {title}" if new else title,
        new=new,
        badges=(Badge(mark="fail", word="Readable by others"),) if node.strangers else (),
        note=line(", ".join(_notes(node))),
    )


def _notes(node: Node) -> list[str]:
    notes = [] if node.rows is None else [sentences.rows(node.rows)]
    finding = node.finding
    if node.how is How.SOURCE:
        notes.insert(0, "source, allowed here" if finding and finding.code == "ENTITY_ALLOWED" else "source")
    if node.how is How.ALIKE:
        notes.append(How.ALIKE.value)
    if node.how is How.ORIGIN:
        notes.append(_shared(finding))
    if finding and finding.waiver:
        notes.append(f"waived until {finding.waiver.until}")
    return notes


def _shared(finding: Finding | None) -> str:
    if finding is None or finding.origin is None:
        return "an earlier scan compared the values"
    return f"{share(finding.origin.share)} the same values"


def _runs(runs: Runs) -> Row:
    least = "at least " if runs.cut else ""
    if runs.count == 1 and runs.run_ids:
        when = f", run of {_day(runs.last)}"
    else:
        when = f", {least}{runs.count:,} run{'' if runs.count == 1 else 's'}, {_days(runs.first, runs.last)}"
    run_id = runs.run_ids[-1] if runs.count == 1 and runs.run_ids else ""
    dag = quote(runs.dag_id, safe="")
    href = f"dags/{dag}/runs/{quote(run_id, safe='')}/plugin/{URL_ROUTE}" if run_id else f"dags/{dag}"
    unread = line("records not read: too many") if runs.cut and not runs.run_ids else ()
    return Row(
        icon="run",
        line=line(Span(text=runs.dag_id, kind="airflow", href=href), when),
        badges=_outcome(runs),
        note=unread,
        below=tuple(map(_task, runs.tasks)),
    )


def _outcome(runs: Runs) -> tuple[Badge, ...]:
    if not runs.run_ids:
        return ()
    read = len(runs.run_ids)
    if runs.stopped == read:
        return (Badge(mark="fail", word="Stopped"),)
    if runs.stopped:
        return (Badge(mark="fail", word=f"{runs.stopped:,} stopped"),)
    if runs.waived:
        return (Badge(mark="pass", word=f"Pass ({runs.waived:,} waived)", waived=True),)
    return (Badge(mark="none", word="Not stopped"),)


def _task(task: Task) -> Row:
    if not task.ran:
        return Row(icon="lock", line=line(name(task.task_id), " did not run"))
    often = f", {_day(task.last)}" if task.ran == 1 else f", {task.ran:,} times, last on {_day(task.last)}"
    note = line(f"stopped in {task.stopped:,} more") if task.stopped else ()
    made = tuple(Row(icon="model", line=line(name(uri, stressed=True))) for uri in task.makes)
    unknown = Row(icon="model", line=line("what it made: "), note=line("not recorded"))
    return Row(icon="lock", line=line(name(task.task_id), often), note=note, below=made or (unknown,))


def _days(first: str, last: str) -> str:
    return _day(last) if first[:10] == last[:10] else f"{_day(first)} to {_day(last)}"


def _day(moment: str) -> str:
    known = date.fromisoformat(moment[:10])
    return f"{known.day} {known:%B}"
