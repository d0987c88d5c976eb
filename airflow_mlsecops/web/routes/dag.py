"""The Security tab of a Dag."""

from fastapi import APIRouter, Request, Response  # noqa: TID253 - only the API server imports this

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.waiver import WaiverUse
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.ledger.dag_runs import MOST
from airflow_mlsecops.ledger.overview import Asked, Day
from airflow_mlsecops.web import depends, pages
from airflow_mlsecops.web.dag_structure import structure_of
from airflow_mlsecops.web.dag_view import dag_view
from airflow_mlsecops.web.depends import RUNS, OpenLedger
from airflow_mlsecops.web.examples import GATE, SEAL
from airflow_mlsecops.web.lately import lately, shown_in_words

MOST_WAIVERS = 100

router = APIRouter()


@router.get("/dag/{dag_id}", dependencies=RUNS)
def dag(request: Request, dag_id: str, ledger: OpenLedger) -> Response:
    """Show how a Dag's gates and sealed tasks stand, and where on the way to training it gets stuck."""
    spoken = ledger.spoken(dag_id)
    if not spoken:
        return pages.page(request, "dag_silent.html", gate_code=GATE, seal_code=SEAL)
    tasks = lately(spoken)
    view = dag_view(
        dag_id,
        spoken,
        ledger.told(shown_in_words(tasks)),
        structure=structure_of(dag_id),
        days=_days(ledger, dag_id),
        waivers=_waivers(ledger, dag_id),
        granted=_granted(ledger, dag_id),
        titles=depends.titles(),
        now=depends.now(),
        cut=len(spoken) == MOST,
    )
    return pages.page(request, "dag.html", view=view)


def _days(ledger: Ledger, dag_id: str) -> tuple[Day, ...]:
    """What gates said and took by day; nothing where the ledger has no index to count in."""
    try:
        return ledger.overview(Asked(dags=frozenset({dag_id}), today=depends.now().date(), size=1)).days
    except LedgerError as error:
        if error.code != "INDEX_ABSENT":
            raise
        return ()


def _waivers(ledger: Ledger, dag_id: str) -> tuple[tuple[WaiverUse, Entry | None], ...] | None:
    """Uses of waivers with the newest record of each; ``None`` where the ledger does not follow them to its head."""
    try:
        if not ledger.traces_current():
            return None
        uses = ledger.waiver_uses(frozenset({dag_id}), limit=MOST_WAIVERS)
    except LedgerError as error:
        if error.code != "INDEX_ABSENT":
            raise
        return None
    entries = ledger.told(use.last_sequence for use in uses)
    return tuple((use, entries.get(use.last_sequence)) for use in uses)


def _granted(ledger: Ledger, dag_id: str) -> tuple[Entry, ...]:
    """What people answered; nothing where the ledger has no index to look it up in, which ``_waivers`` says."""
    try:
        return ledger.answers(frozenset({dag_id}), limit=MOST_WAIVERS)
    except LedgerError as error:
        if error.code != "INDEX_ABSENT":
            raise
        return ()
