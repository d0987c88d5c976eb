"""The FastAPI app that Airflow mounts for the overview and the Security tab.

Airflow mounts a plugin's app unauthenticated, so the app asks for a logged-in user as a whole. Everything that the
signatures below name is imported at module level: FastAPI would silently turn a dependency whose annotation it cannot
resolve into a query parameter, and the page would be open.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, FastAPI, HTTPException, Request, Response  # noqa: TID253 - see above
from starlette.exceptions import HTTPException as AnyHttpException

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered, MlsecopsError, PolicyError
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.web import trouble
from airflow_mlsecops.web.asked import asked_by
from airflow_mlsecops.web.auth import dags_to_see, logged_in, may_see_runs
from airflow_mlsecops.web.checked import checked, tampered
from airflow_mlsecops.web.examples import GATE, SEAL
from airflow_mlsecops.web.ledger import deployment, open_readonly
from airflow_mlsecops.web.overview_view import overview_view
from airflow_mlsecops.web.pages import answer, page
from airflow_mlsecops.web.run_view import run_view

MOST_RECORDS = 1000
MOST_VERIFIED = 5_000
MOST_COUNTED = 300  # while they are counted gates wait: about 0.2 s, however often somebody loads the page
STATIC = {"mlsecops.css": "text/css; charset=utf-8", "mlsecops.js": "text/javascript; charset=utf-8"}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_RECORD_ID = re.compile(r"[0-9a-f]{32}")

app = FastAPI(
    title="MLSecOps",
    dependencies=[Depends(logged_in)],
    # These three would be public even so.
    docs_url=None,
    redoc_url=None,
    openapi_url=None,
    redirect_slashes=False,
)


def ledger_of_request() -> Iterator[Ledger]:
    """Open the ledger for one request; the dependency that tests override."""
    with open_readonly() as ledger:
        yield ledger


OpenLedger = Annotated[Ledger, Depends(ledger_of_request)]
SeenDags = Annotated[frozenset[str], Depends(dags_to_see)]
RUNS = [Depends(may_see_runs)]
RECORD = "/run/{dag_id}/{run_id:path}/record/{record_id}"


@app.get("/static/{name}")
def static(name: str) -> Response:
    """Serve one of the two files that pages need; a StaticFiles mount would serve them to anyone."""
    if name not in STATIC:
        raise HTTPException(404)
    return answer((files("airflow_mlsecops.web") / "static" / name).read_bytes(), STATIC[name])


@app.get("/overview", dependencies=RUNS)
def overview(request: Request, dags: SeenDags, ledger: OpenLedger) -> Response:
    """Show how the datasets stand of all Dags that the user may read: what needs somebody first, then by risk."""
    now = datetime.now(UTC)
    asked = asked_by(request.query_params, dags=dags, today=now.date())
    found = ledger.overview(asked)
    if not found.current:
        with suppress(LedgerError):  # the page says that it is not
            ledger.bring_index_on(MOST_COUNTED)
        found = ledger.overview(asked)
    if not found.counts.total and found.current:
        return page(request, "first_use.html", may_see=len(dags), gate_code=GATE, seal_code=SEAL)
    owner, observe_until = _policy()
    view = overview_view(found, asked, titles=_titles(), owner=owner, observe_until=observe_until)
    here = f"{quote(request.scope.get('root_path', ''))}/overview"
    return page(request, "overview.html", view=view, here=here, now=f"{now:%Y-%m-%d %H:%M}")


@app.get(f"{RECORD}.json", dependencies=RUNS)
def record_as_json(dag_id: str, run_id: str, record_id: str, ledger: OpenLedger) -> Response:
    """Serve a record with its place in the chain, so that it can be verified elsewhere."""
    entry = _entry(ledger, dag_id, run_id, record_id)
    body = json.dumps(entry.model_dump(mode="json"), indent=2).encode()
    return answer(body, "application/json", download=f"mlsecops-{entry.record.id}.json")


@app.get(f"{RECORD}/verify", dependencies=RUNS)
def verify(request: Request, dag_id: str, run_id: str, record_id: str, ledger: OpenLedger) -> Response:
    """Say whether a record is as it was written."""
    try:
        entry = _entry(ledger, dag_id, run_id, record_id)
    except LedgerTampered as error:
        return page(request, "verify.html", checked=tampered(record_id, error), run=_address(request, dag_id, run_id))
    chain = ledger.verify() if ledger.head().sequence <= MOST_VERIFIED else None
    return page(request, "verify.html", checked=checked(entry, chain), run=_address(request, dag_id, run_id))


@app.get("/run/{dag_id}/{run_id:path}", dependencies=RUNS)
def run(request: Request, dag_id: str, run_id: str, ledger: OpenLedger) -> Response:
    """Show the verdicts of one run."""
    entries = ledger.history(dag_id=dag_id, run_id=run_id, limit=MOST_RECORDS)
    if not entries:
        return page(request, "empty.html", gate_code=GATE, seal_code=SEAL)
    view = run_view(dag_id, run_id, entries, titles=_titles(), cut=len(entries) == MOST_RECORDS)
    return page(request, "run.html", view=view, here=_address(request, dag_id, run_id))


@app.api_route("/{anything:path}", methods=METHODS)
def nothing(anything: str) -> Response:
    """Answer every other address, so that a stranger learns nothing from which ones exist."""
    raise HTTPException(404)


@app.exception_handler(AnyHttpException)
def refuse(request: Request, error: AnyHttpException) -> Response:
    """Say why a request is not answered."""
    return _say(request, trouble.of_status(error.status_code))


@app.exception_handler(MlsecopsError)
def explain(request: Request, error: MlsecopsError) -> Response:
    """Say what could not be read, and whether anything is let through meanwhile."""
    return _say(request, trouble.of_error(error))


@app.exception_handler(Exception)
def apologise(request: Request, error: Exception) -> Response:
    """Say that the page itself failed."""
    return _say(request, trouble.of_accident(error))


def _say(request: Request, why: trouble.Trouble) -> Response:
    here, now = quote(request.url.path), f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    return page(request, "error.html", status=why.status, trouble=why, here=here, now=now)


def _entry(ledger: Ledger, dag_id: str, run_id: str, record_id: str) -> Entry:
    """A record of that run; permission for one Dag must not open the records of another."""
    entry = ledger.entry(record_id) if _RECORD_ID.fullmatch(record_id) else None
    if entry is None or (entry.record.run.dag_id, entry.record.run.run_id) != (dag_id, run_id):
        raise HTTPException(404)
    return entry


def _address(request: Request, dag_id: str, run_id: str) -> str:
    root = quote(request.scope.get("root_path", ""))
    return f"{root}/run/{quote(dag_id, safe='')}/{quote(run_id, safe='')}"


def _titles() -> Mapping[str, str]:
    return deployment().titles


def _policy() -> tuple[Callable[[str], str], date | None]:
    """Who answers for a dataset, and until when gates may only observe; where the policy is broken nobody says."""
    try:
        policy = deployment().policy.policy
    except PolicyError:
        return lambda _: "", None
    return lambda identity: policy.rule_for(identity)[0].owner, policy.observe_until
