"""The Security tab of a run, and its records one by one."""

import json
import re
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Request, Response  # noqa: TID253 - only the API server imports this

from airflow_mlsecops.core.errors import LedgerTampered
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.web import depends
from airflow_mlsecops.web.checked import checked, tampered
from airflow_mlsecops.web.depends import RUNS, OpenLedger, root_of
from airflow_mlsecops.web.examples import GATE, SEAL
from airflow_mlsecops.web.pages import answer, page
from airflow_mlsecops.web.run_view import run_view

MOST_RECORDS = 1000
MOST_VERIFIED = 5_000
RECORD = "/run/{dag_id}/{run_id:path}/record/{record_id}"
_RECORD_ID = re.compile(r"[0-9a-f]{32}")

router = APIRouter()


@router.get(f"{RECORD}.json", dependencies=RUNS)
def record_as_json(dag_id: str, run_id: str, record_id: str, ledger: OpenLedger) -> Response:
    """Serve a record with its place in the chain, so that it can be verified elsewhere."""
    entry = _entry(ledger, dag_id, run_id, record_id)
    body = json.dumps(entry.model_dump(mode="json"), indent=2).encode()
    return answer(body, "application/json", download=f"mlsecops-{entry.record.id}.json")


@router.get(f"{RECORD}/verify", dependencies=RUNS)
def verify(
    request: Request,
    dag_id: str,
    run_id: str,
    record_id: str,
    ledger: OpenLedger,
    task_id: str = "",
    map_index: str = "",
) -> Response:
    """Say whether a record is as it was written.

    :param task_id: of the tab to lead back to; without it, that of the run
    """
    address = address_of(request, dag_id, run_id)
    asked = urlencode({"task_id": task_id, "map_index": map_index})
    back = f"{address_of(request, dag_id, run_id, 'task')}?{asked}" if task_id else address
    try:
        entry = _entry(ledger, dag_id, run_id, record_id)
    except LedgerTampered as error:
        return page(request, "verify.html", checked=tampered(record_id, error), run=address, back=back)
    chain = ledger.verify() if ledger.head().sequence <= MOST_VERIFIED else None
    return page(request, "verify.html", checked=checked(entry, chain), run=address, back=back)


@router.get("/run/{dag_id}/{run_id:path}", dependencies=RUNS)
def run(request: Request, dag_id: str, run_id: str, ledger: OpenLedger) -> Response:
    """Show the verdicts of one run."""
    entries = ledger.history(dag_id=dag_id, run_id=run_id, limit=MOST_RECORDS)
    if not entries:
        return page(request, "empty.html", gate_code=GATE, seal_code=SEAL)
    view = run_view(dag_id, run_id, entries, titles=depends.titles(), cut=len(entries) == MOST_RECORDS)
    return page(request, "run.html", view=view, here=address_of(request, dag_id, run_id))


def _entry(ledger: Ledger, dag_id: str, run_id: str, record_id: str) -> Entry:
    """A record of that run; permission for one Dag must not open the records of another."""
    entry = ledger.entry(record_id) if _RECORD_ID.fullmatch(record_id) else None
    if entry is None or (entry.record.run.dag_id, entry.record.run.run_id) != (dag_id, run_id):
        raise HTTPException(404)
    return entry


def address_of(request: Request, dag_id: str, run_id: str, kind: str = "run") -> str:
    """The address of a run's page, or of its tasks'."""
    return f"{root_of(request)}/{kind}/{quote(dag_id, safe='')}/{quote(run_id, safe='')}"
