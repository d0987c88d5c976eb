"""The page of one dataset, and its downloads."""

from typing import Any

from fastapi import APIRouter, Request, Response  # noqa: TID253 - only the API server imports this

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.core.words import share
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.ledger.dataset import Found, Wanted
from airflow_mlsecops.web import depends, downloads
from airflow_mlsecops.web.dataset_report import DatasetReport, report_of
from airflow_mlsecops.web.dataset_view import dataset_view, moment, seen_since
from airflow_mlsecops.web.depends import RUNS, OpenLedger, SeenDags, root_of
from airflow_mlsecops.web.pages import answer, page
from airflow_mlsecops.web.traced import day_of, traces_of

MOST_NAME = 20_000
MOST_COUNTED = 300  # while they are counted gates wait: about 0.2 s, however often somebody loads the page

router = APIRouter()


@router.get("/dataset.json", dependencies=RUNS)
def dataset_as_json(request: Request, dags: SeenDags, ledger: OpenLedger) -> Response:
    """Serve all that is known of a dataset."""
    return _download(request, dags, ledger, "json")


@router.get("/dataset.csv", dependencies=RUNS)
def dataset_as_csv(request: Request, dags: SeenDags, ledger: OpenLedger) -> Response:
    """Serve the columns of a dataset."""
    return _download(request, dags, ledger, "csv")


@router.get("/dataset.cdx.json", dependencies=RUNS)
def dataset_as_cyclonedx(request: Request, dags: SeenDags, ledger: OpenLedger) -> Response:
    """Serve a dataset as a bill of materials."""
    return _download(request, dags, ledger, "cdx.json")


@router.get("/dataset", dependencies=RUNS)
def dataset(request: Request, dags: SeenDags, ledger: OpenLedger) -> Response:
    """Show what is in a dataset, what changed, where it came from, and who can read it."""
    wanted = _wanted(request, dags)
    found = _found(ledger, wanted)
    if wanted is None or found is None:
        return _absent(request, dags)
    traces = traces_of(ledger, dags, wanted.dataset, found.environment)
    view = dataset_view(found, wanted, traces, policy=depends.policy(), titles=depends.titles())
    here = f"{root_of(request)}/dataset"
    say: dict[str, Any] = {"since": seen_since, "moment": moment, "day": day_of, "share": share}
    return page(request, "dataset.html", view=view, report=view.report, here=here, **say)


_FORMS = {
    "json": (downloads.as_json, "application/json"),
    "csv": (downloads.as_csv, "text/csv; charset=utf-8"),
    "cdx.json": (downloads.as_cyclonedx, "application/vnd.cyclonedx+json"),
}


def _download(request: Request, dags: frozenset[str], ledger: Ledger, ending: str) -> Response:
    report = _report(request, dags, ledger)
    if report is None:
        return _absent(request, dags)
    write, media_type = _FORMS[ending]
    # A name of ours: a dataset's own could say anything in a header.
    newest = max((scan.record for scan in report.scans), default="dataset")
    return answer(write(report), media_type, download=f"mlsecops-{newest}.{ending}")


def _report(request: Request, dags: frozenset[str], ledger: Ledger) -> DatasetReport | None:
    wanted = _wanted(request, dags)
    found = _found(ledger, wanted)
    if wanted is None or found is None:
        return None
    traces = traces_of(ledger, dags, wanted.dataset, found.environment)
    return report_of(found, wanted, traces, policy=depends.policy(), titles=depends.titles())


def _wanted(request: Request, dags: frozenset[str]) -> Wanted | None:
    """What is asked for; ``None`` where nothing in a ledger could be called so."""
    query = request.query_params
    asked = [query.get(key, "") for key in ("name", "env", "dag", "partition", "scan")]
    # No database holds a NUL, and no name is as long.
    if not asked[0] or any("\0" in text or len(text) > MOST_NAME for text in asked):
        return None
    name, environment, dag_id, partition, scan = asked
    return Wanted(
        dags=dags,
        today=depends.now().date(),
        dataset=name,
        environment=environment,
        dag_id=dag_id,
        partition=partition or None,
        scan=scan,
    )


def _found(ledger: Ledger, wanted: Wanted | None) -> Found | None:
    if wanted is None:
        return None
    found = ledger.dataset(wanted)
    if found is not None and found.current:
        return found
    try:
        ledger.bring_index_on(MOST_COUNTED)
    except LedgerError:
        return found  # the page says that it is not up to date
    return ledger.dataset(wanted)


def _absent(request: Request, dags: frozenset[str]) -> Response:
    """Say that there is no such dataset: the same where there is one that only unseen Dags have looked at."""
    return page(
        request, "dataset_absent.html", status=404, asked=request.query_params.get("name", ""), may_see=len(dags)
    )
