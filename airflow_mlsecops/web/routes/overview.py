"""The page in the menu: how all datasets stand."""

from contextlib import suppress

from fastapi import APIRouter, Request, Response  # noqa: TID253 - only the API server imports this

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.web import depends
from airflow_mlsecops.web.asked import asked_by
from airflow_mlsecops.web.depends import RUNS, OpenLedger, SeenDags, root_of
from airflow_mlsecops.web.examples import GATE, SEAL
from airflow_mlsecops.web.overview_view import overview_view
from airflow_mlsecops.web.pages import page

MOST_COUNTED = 300  # while they are counted gates wait: about 0.2 s, however often somebody loads the page

router = APIRouter()


@router.get("/overview", dependencies=RUNS)
def overview(request: Request, dags: SeenDags, ledger: OpenLedger) -> Response:
    """Show how the datasets stand of all Dags that the user may read: what needs somebody first, then by risk."""
    now = depends.now()
    asked = asked_by(request.query_params, dags=dags, today=now.date())
    found = ledger.overview(asked)
    if not found.current:
        with suppress(LedgerError):  # the page says that it is not
            ledger.bring_index_on(MOST_COUNTED)
        found = ledger.overview(asked)
    if not found.counts.total and found.current:
        return page(request, "first_use.html", may_see=len(dags), gate_code=GATE, seal_code=SEAL)
    owner, observe_until = depends.owner_and_end()
    view = overview_view(found, asked, titles=depends.titles(), owner=owner, observe_until=observe_until)
    return page(request, "overview.html", view=view, here=f"{root_of(request)}/overview", now=f"{now:%Y-%m-%d %H:%M}")
