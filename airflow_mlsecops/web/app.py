"""The FastAPI app that Airflow mounts for the pages.

Airflow mounts a plugin's app unauthenticated, so the app asks for a logged-in user as a whole. Here and in ``routes``,
everything that the signatures name is imported at module level: FastAPI would silently turn a dependency whose
annotation it cannot resolve into a query parameter, and the page would be open.
"""

from importlib.resources import files
from urllib.parse import quote

from fastapi import Depends, FastAPI, HTTPException, Request, Response  # noqa: TID253 - see above
from starlette.exceptions import HTTPException as AnyHttpException

from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.web import depends, trouble
from airflow_mlsecops.web.auth import logged_in
from airflow_mlsecops.web.pages import answer, page
from airflow_mlsecops.web.routes import ROUTERS

STATIC = {"mlsecops.css": "text/css; charset=utf-8", "mlsecops.js": "text/javascript; charset=utf-8"}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def storable(request: Request) -> None:
    """Know nothing of a name that no database holds: PostgreSQL would call the question an error of the ledger."""
    if "\0" in request.scope["path"] or "\0" in request.query_params.get("task_id", ""):
        raise HTTPException(404)


app = FastAPI(
    title="MLSecOps",
    dependencies=[Depends(logged_in), Depends(storable)],
    # These three would be public even so.
    docs_url=None,
    redoc_url=None,
    openapi_url=None,
    redirect_slashes=False,
)


@app.get("/static/{name}")
def static(name: str) -> Response:
    """Serve one of the two files that pages need; a StaticFiles mount would serve them to anyone."""
    if name not in STATIC:
        raise HTTPException(404)
    return answer((files("airflow_mlsecops.web") / "static" / name).read_bytes(), STATIC[name])


for router in ROUTERS:
    app.include_router(router)


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
    here, now = quote(request.url.path), f"{depends.now():%Y-%m-%d %H:%M:%S}"
    return page(request, "error.html", status=why.status, trouble=why, here=here, now=now)
