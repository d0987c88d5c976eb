"""A blast radius as a table that a spreadsheet opens and runs nothing of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from airflow_mlsecops.web.blast_nouns import Node, Runs, Spread, Task
from airflow_mlsecops.web.cell import cell

HEAD = (
    *("dataset", "environment", "column", "class", "how", "from dataset", "from column", "rows", "of rows"),
    *("first", "last", "dag", "runs", "runs stopped", "sealed task", "ran in runs", "stopped in runs", "makes"),
)


def blast_csv(found: Spread) -> bytes:
    """One line for each column, Dag and sealed task, as UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(HEAD)
    writer.writerows([cell(value) for value in row] for row in _rows(found))
    return text.getvalue().encode("utf-8", "replace")


def _rows(found: Spread) -> Iterator[tuple[object, ...]]:
    for node in found.nodes:
        for runs in node.runs:
            for task in runs.tasks or (None,):
                yield (*_of_node(node), *_of_runs(runs), *_of_task(task))


def _of_node(node: Node) -> tuple[object, ...]:
    parent = (node.parent.dataset, node.parent.column) if node.parent else ("", "")
    return (*node.spot, node.how.value, *parent, node.rows, node.of)


def _of_runs(runs: Runs) -> tuple[object, ...]:
    least = "at least " if runs.cut else ""
    return runs.first, runs.last, runs.dag_id, f"{least}{runs.count}", f"{least}{runs.stopped}" if runs.run_ids else ""


def _of_task(task: Task | None) -> tuple[object, ...]:
    return (task.task_id, task.ran, task.stopped, " ".join(task.makes)) if task else ("", "", "", "")
