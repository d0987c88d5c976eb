"""How far data went: the page in the menu, and the same as CSV."""

from contextlib import suppress

from fastapi import APIRouter, Request, Response  # noqa: TID253 - only the API server imports this

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.web import depends
from airflow_mlsecops.web.blast import spread
from airflow_mlsecops.web.blast_asked import blast_asked_by
from airflow_mlsecops.web.blast_csv import blast_csv
from airflow_mlsecops.web.blast_form import form_of
from airflow_mlsecops.web.blast_view import blast_view
from airflow_mlsecops.web.depends import RUNS, OpenLedger, SeenDags, root_of
from airflow_mlsecops.web.pages import answer, page
from airflow_mlsecops.web.routes.overview import MOST_COUNTED

router = APIRouter()


@router.get("/blast", dependencies=RUNS)
def blast(request: Request, dags: SeenDags, ledger: OpenLedger) -> Response:
    """Show how far a class went from a dataset, within the Dags that the user may read."""
    _bring_on(ledger)
    asked = blast_asked_by(request.query_params, dags=dags, today=depends.now().date())
    places, titles = ledger.places(dags), depends.titles()
    view = blast_view(spread(ledger, asked, datasets=places.count), asked, titles=titles) if asked.dataset else None
    form = form_of(ledger, places, asked, titles)
    root = root_of(request)
    return page(request, "blast.html", view=view, form=form, asked=asked, here=f"{root}/blast", csv=f"{root}/blast.csv")


@router.get("/blast.csv", dependencies=RUNS)
def blast_as_csv(request: Request, dags: SeenDags, ledger: OpenLedger) -> Response:
    """Serve the same as a table."""
    _bring_on(ledger)
    asked = blast_asked_by(request.query_params, dags=dags, today=depends.now().date())
    body = blast_csv(spread(ledger, asked, datasets=0))
    return answer(body, "text/csv; charset=utf-8", download="mlsecops-blast.csv")


def _bring_on(ledger: Ledger) -> None:
    if not ledger.traces_current():
        with suppress(LedgerError):  # the page says that it is not
            ledger.bring_index_on(MOST_COUNTED)
