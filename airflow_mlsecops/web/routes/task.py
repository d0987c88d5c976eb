"""The Security tab of a task."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response  # noqa: TID253 - only the API server imports this

from airflow_mlsecops.core.errors import LedgerTampered
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.ledger.dag_runs import Spoken
from airflow_mlsecops.operators.links import TASK_ROUTE
from airflow_mlsecops.web import depends, pages
from airflow_mlsecops.web.depends import RUNS, OpenLedger
from airflow_mlsecops.web.examples import GATE, SEAL
from airflow_mlsecops.web.history import History, history_of, last_runs
from airflow_mlsecops.web.instances_view import instances_view, newest_instances, page_of
from airflow_mlsecops.web.routes.run import address_of
from airflow_mlsecops.web.sentences import worst
from airflow_mlsecops.web.task_view import newest_of, task_view

MOST_RECORDS = 1000
MOST_COUNTED = 20_000

router = APIRouter()


@router.get("/task/{dag_id}/{run_id:path}", dependencies=RUNS)
def task(
    request: Request,
    dag_id: str,
    run_id: str,
    ledger: OpenLedger,
    task_id: str = "",
    map_index: str = "",
    page: str = "",
) -> Response:
    """Show the newest verdict of one task; of a mapped task without an index, all its instances."""
    index = number(map_index, -1)
    spoken = ledger.spoken(dag_id, run_id=run_id, task_id=task_id, limit=MOST_COUNTED)
    if index < 0 and any(one.map_index >= 0 for one in spoken):
        return _instances(request, dag_id, spoken, ledger, max(1, number(page, 1)))
    if not any(one.map_index == index and one.gate is not Gate.APPROVAL for one in spoken):
        return _silent(request, dag_id, task_id, ledger)
    entries = _entries(ledger, [one for one in spoken if one.map_index == index])
    return _instance(request, entries, ledger)


def number(text: str, otherwise: int) -> int:
    """A number of an address; Airflow leaves ``{MAP_INDEX}`` as it is where a task is not mapped."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _instance(request: Request, entries: tuple[Entry, ...], ledger: Ledger) -> Response:
    first, titles = newest_of(entries)[0], depends.titles()
    owner, _ = depends.owner_and_end()
    view = task_view(
        entries,
        history=_history(ledger, first),
        owner=owner(first.record.verdict.dataset),
        titles=titles,
        now=depends.now(),
    )
    run = first.record.run
    back = f"?{urlencode({'task_id': run.task_id, 'map_index': run.map_index})}"
    return pages.page(request, "task.html", view=view, here=address_of(request, run.dag_id, run.run_id), back=back)


def _entries(ledger: Ledger, spoken: list[Spoken]) -> tuple[Entry, ...]:
    """Their records; one that does not verify could be the newest, or the one that was denied: then none is shown.

    :raises LedgerTampered: if any does not verify
    """
    wanted = [one.sequence for one in spoken[:MOST_RECORDS]]
    entries = ledger.told(wanted)
    missing = [sequence for sequence in wanted if sequence not in entries]
    if missing:
        raise LedgerTampered(f"entry {missing[0]} does not verify; run `airflow-mlsecops ledger verify`")
    return tuple(entries.values())


def _history(ledger: Ledger, first: Entry) -> History | None:
    run = first.record.run
    spoken = ledger.spoken(run.dag_id, task_id=run.task_id)
    last = last_runs(spoken, until=first.sequence, map_index=run.map_index)
    entries = ledger.told(one.sequence for one in last)
    return history_of(last, entries, worst(first.record.verdict), depends.titles())


def _instances(
    request: Request, dag_id: str, spoken: tuple[Spoken, ...], ledger: Ledger, number_of_page: int
) -> Response:
    instances = newest_instances(spoken)
    entries = ledger.told(one.sequence for one in page_of(instances, number_of_page))
    view = instances_view(
        dag_id,
        instances,
        entries,
        page=number_of_page,
        titles=depends.titles(),
        cut=len(spoken) == MOST_COUNTED,
    )
    first = instances[0]
    here = f"{address_of(request, dag_id, first.run_id, 'task')}?{urlencode({'task_id': first.task_id})}"
    return pages.page(request, "instances.html", view=view, tab=TASK_ROUTE, here=here)


def _silent(request: Request, dag_id: str, task_id: str, ledger: Ledger) -> Response:
    """What to say of a task without a verdict in this run: whether it is a gate, its other runs say."""
    spoke = bool(task_id) and bool(ledger.spoken(dag_id, task_id=task_id))
    return pages.page(request, "silent.html", task=task_id, spoke=spoke, gate_code=GATE, seal_code=SEAL)
