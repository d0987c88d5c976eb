"""The roles of Airflow's FAB provider, with the permission to read some Dags and not others: a live server, and people."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests import memory
from tests.e2e.conftest import ROOT, free_port
from tests.web.estate import FAR, NEAR, TOKEN, Side
from tests.web.fab_server import ROLES
from tests.web.test_fence import BY_DAG, FIRST, PREFIX, asked, path_of, routes

pytest.importorskip("airflow.providers.fab")
pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]
Page = Callable[[str | None, str], httpx.Response]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """The server's."""
    with memory.held("fab-") as folder:
        yield folder


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[str]:
    """The address of the server, once it answers."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "SSH_"))},
        "PYTHONPATH": str(ROOT),
        "ESTATE_TOKEN": TOKEN,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__API_AUTH__JWT_SECRET": "tests-only-" + "0" * 64,
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
    }
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.web.fab_server", str(port)], env=environment, stdout=log, stderr=log, cwd=home
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}", server, home / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(60)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert server.poll() is None, log.read_text()[-3000:]
        try:
            if httpx.get(f"{url}{PREFIX}/overview", timeout=5).status_code == 401:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError(log.read_text()[-3000:])


@pytest.fixture(scope="module")
def page(served: str) -> Page:
    """Ask for a page as somebody who has logged in with a password, or as a stranger."""
    tokens: dict[str, str] = {}

    def ask(name: str | None, path: str) -> httpx.Response:
        if name and name not in tokens:
            said = httpx.post(f"{served}/auth/token", json={"username": name, "password": name}, timeout=60)
            assert said.status_code == 201, said.text
            tokens[name] = said.json()["access_token"]
        headers = {"Authorization": f"Bearer {tokens[name]}"} if name else {}
        return httpx.get(f"{served}{PREFIX}{path}", headers=headers, timeout=60)

    return ask


def test_strangers_are_refused_by_every_route(page: Page) -> None:
    paths = [path_of(template, side, FIRST[side]) for template in routes() for side in (NEAR, FAR)]
    assert {path: page(None, path).status_code for path in paths} == dict.fromkeys(paths, 401)


@pytest.mark.parametrize(("name", "reads", "other"), [("near", NEAR, FAR), ("far", FAR, NEAR)])
def test_who_may_read_some_dags_is_told_of_those(page: Page, name: str, reads: Side, other: Side) -> None:
    assert reads.word in page(name, "/overview").text
    for template in routes():
        for address in asked(template, reads):
            if other.word not in address.lower():
                said = page(name, address)
                assert other.word not in said.text.lower(), address
                assert said.status_code < 500, address
    for template in BY_DAG:
        assert page(name, path_of(template, reads, FIRST[reads])).status_code == 200, template
        assert page(name, path_of(template, other, FIRST[other])).status_code == 403, template


@pytest.mark.parametrize("name", ["nobody", "runless"])
def test_who_may_read_no_dag_or_no_run_is_refused(page: Page, name: str) -> None:
    """To read a Dag is not to read its runs: Airflow has a permission for each."""
    for template in routes():
        said = page(name, path_of(template, NEAR, FIRST[NEAR]))
        assert said.status_code == 403, template
        assert NEAR.own(0)[0] not in said.text


def test_who_may_read_everything_is_told_everything(page: Page) -> None:
    told = page("everybody", "/overview").text
    assert NEAR.word in told
    assert TOKEN in told
    for template in BY_DAG:
        assert page("everybody", path_of(template, FAR, FIRST[FAR])).status_code == 200, template


def test_the_older_permission_opens_the_runs_of_one_dag(page: Page) -> None:
    for template in BY_DAG:
        if "run_id" in template:
            assert page("partly", path_of(template, NEAR, FIRST[NEAR])).status_code == 200, template
            assert page("partly", path_of(template, FAR, FIRST[FAR])).status_code == 403, template


def test_everybody_here_was_asked_for() -> None:
    assert set(ROLES) == {"near", "far", "nobody", "runless", "everybody", "partly"}
