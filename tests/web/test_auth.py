"""Nobody reads a verdict who may not read the run; Airflow mounts our app without asking anyone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from airflow_mlsecops.ledger import Ledger
from tests.web import scene
from tests.web.fence import FENCED

PREFIX = "/mlsecops"
RECORD = "0" * 32
UNKNOWN = (
    "/",
    "/docs",
    "/redoc",
    "/openapi.json",
    "/static",
    "/static/../app.py",
    "/run",
    "/run/",
    "/run/x",
    "/favicon.ico",
)


def addresses() -> list[tuple[str, str]]:
    """Every (method, path) of the app, filled in."""
    from fastapi.routing import APIRoute

    from airflow_mlsecops.web.app import app

    found = []
    for route in app.routes:
        assert isinstance(route, APIRoute), f"{route} is no route that dependencies guard: a mount is open to anyone"
        path = route.path.replace(":path", "")
        names = {"dag_id": scene.DAG, "run_id": "r", "record_id": RECORD, "name": "mlsecops.css", "anything": "x/y"}
        filled = path.format(**names)
        found += [(method, filled) for method in sorted(route.methods)]
    return found


def opened(browser: Any, asked: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """What answers with anything but 401."""
    answers = [(method, path, browser.request(method, PREFIX + path).status_code) for method, path in asked]
    return [answer for answer in answers if answer[2] != 401]


def test_strangers_are_refused_by_every_route(client: Callable[..., Any]) -> None:
    asked = addresses()
    assert len(asked) > 8
    assert ("GET", f"/task/{scene.DAG}/r") in asked
    assert ("GET", f"/dag/{scene.DAG}") in asked
    assert opened(client(), asked) == []


def test_strangers_are_refused_at_addresses_that_do_not_exist(client: Callable[..., Any]) -> None:
    asked = [(method, path) for path in UNKNOWN for method in ("GET", "POST", "HEAD", "OPTIONS")]
    assert opened(client(), asked) == []


def test_the_walk_would_notice_an_open_route(server: Any, client: Callable[..., Any]) -> None:
    from fastapi import FastAPI

    open_app = FastAPI()
    open_app.get("/open")(lambda: "anyone")
    server.mount("/mlsecops-open", open_app)
    server.router.routes.insert(0, server.router.routes.pop())
    try:
        assert opened(client(), [("GET", "-open/open")]) == [("GET", "-open/open", 200)]
    finally:
        server.router.routes.pop(0)


@pytest.mark.parametrize("credentials", ["Bearer nonsense", "Bearer ", "Basic dmlld2VyOnZpZXdlcg=="])
def test_false_credentials_are_refused(client: Callable[..., Any], credentials: str) -> None:
    answer = client().get(f"{PREFIX}/run/{scene.DAG}/r", headers={"Authorization": credentials})
    assert answer.status_code in (401, 403)


def test_the_cookie_of_the_browser_is_enough(client: Callable[..., Any], ledger: Ledger) -> None:
    token = client("viewer").headers["Authorization"].removeprefix("Bearer ")
    browser = client()
    browser.cookies.set("_token", token)
    assert browser.get(f"{PREFIX}/run/{scene.DAG}/r").status_code == 200


@pytest.mark.parametrize("page", ["", f"/record/{RECORD}.json", f"/record/{RECORD}/verify"])
def test_a_viewer_is_kept_from_a_dag_that_is_not_theirs(client: Callable[..., Any], ledger: Ledger, page: str) -> None:
    (written,) = scene.write(ledger, scene.STOPPED[:1], dag_id=FENCED)
    address = f"{PREFIX}/run/{FENCED}/{scene.RUN}{page.replace(RECORD, written.record.id)}"
    assert client("viewer").get(address).status_code == 403
    assert client("admin").get(address).status_code == 200


@pytest.mark.parametrize("dag_id", ["payroll", "pay%72oll"])
def test_no_other_spelling_opens_that_dag(client: Callable[..., Any], ledger: Ledger, dag_id: str) -> None:
    answer = client("viewer").get(f"{PREFIX}/run/{dag_id}/r?dag_id={scene.DAG}")
    assert answer.status_code == 403


@pytest.mark.parametrize("kind", [".json", "/verify"])
def test_permission_for_one_dag_opens_no_record_of_another(viewer: Any, ledger: Ledger, kind: str) -> None:
    (secret,) = scene.write(ledger, scene.STOPPED[:1], dag_id=FENCED)
    (own,) = scene.write(ledger, scene.STOPPED[:1], start=5)
    address = f"{PREFIX}/run/{scene.DAG}/{scene.RUN}/record/{{}}{kind}"
    assert viewer.get(address.format(own.record.id)).status_code == 200
    assert viewer.get(address.format(secret.record.id)).status_code == 404


def test_permission_for_a_run_opens_no_record_of_another_run(viewer: Any, ledger: Ledger) -> None:
    (other,) = scene.write(ledger, scene.STOPPED[:1], run_id="another")
    assert viewer.get(f"{PREFIX}/run/{scene.DAG}/{scene.RUN}/record/{other.record.id}.json").status_code == 404


def test_a_refusal_says_nothing_of_the_dag(client: Callable[..., Any], ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED, dag_id=FENCED)
    there, not_there = (client("viewer").get(f"{PREFIX}/run/{FENCED}/{run}").text for run in (scene.RUN, "none"))
    assert "classify_raw" not in there
    assert _but_for_time(there.replace("scheduled__2026-11-23T06%3A00%3A00%2B00%3A00", "none")) == _but_for_time(
        not_there
    )


def _but_for_time(page: str) -> str:
    return "".join(line for line in page.splitlines() if " UTC. Error" not in line)


def test_airflow_still_has_what_we_build_on() -> None:
    """Airflow does not declare these public: this is where a new version shows that it moved them."""
    import inspect

    from airflow.api_fastapi.auth.managers.base_auth_manager import BaseAuthManager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
    from airflow.api_fastapi.core_api import security

    assert inspect.iscoroutinefunction(security.get_user)
    assert list(inspect.signature(security.requires_access_dag).parameters)[:2] == ["method", "access_entity"]
    assert DagAccessEntity.RUN.value == "RUN"
    listing = inspect.signature(BaseAuthManager.get_authorized_dag_ids).parameters
    assert list(listing)[:3] == ["self", "user", "method"]


def test_only_one_file_uses_what_airflow_does_not_declare_public() -> None:
    from pathlib import Path

    import airflow_mlsecops

    package = Path(airflow_mlsecops.__file__).parent
    users = [
        path.relative_to(package).as_posix() for path in package.rglob("*.py") if "api_fastapi" in path.read_text()
    ]
    assert users == ["web/auth.py"]
