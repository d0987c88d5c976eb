"""The page of waivers: what is waited for, what ends, who approved it and why."""

from fastapi import APIRouter, Request, Response  # noqa: TID253 - only the API server imports this

from airflow_mlsecops.ledger.waivers import standing_waivers
from airflow_mlsecops.web import depends
from airflow_mlsecops.web.depends import RUNS, OpenLedger, SeenDags, root_of
from airflow_mlsecops.web.examples import APPROVE, WAIVER
from airflow_mlsecops.web.pages import page
from airflow_mlsecops.web.waivers_view import waivers_view

router = APIRouter()


@router.get("/waivers", dependencies=RUNS)
def waivers(request: Request, dags: SeenDags, ledger: OpenLedger) -> Response:
    """Show how waivers stand, within the Dags that the user may read."""
    now, (policy, holds) = depends.now(), depends.policy_and_approvals()
    found = standing_waivers(ledger, policy, dags=dags, now=now, holds=holds)
    here, state = f"{root_of(request)}/waivers", request.query_params.get("state", "")
    if not found.waivers and found.whole:
        return page(request, "no_waivers.html", approve_code=APPROVE, waiver_code=WAIVER, may_see=len(dags))
    view = waivers_view(
        found.waivers,
        now=now,
        titles=depends.titles(),
        may_see=len(dags),
        whole=found.whole,
        state=state,
        page=request.query_params.get("page", ""),
    )
    return page(request, "waivers.html", view=view, here=here)
