"""Airflow's own API server with the pages mounted the way it mounts them, over a real ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.ledger import Ledger, open_ledger
from tests.web import scene


@pytest.fixture(scope="session")
def server(airflow_db: Path) -> Any:
    """Airflow's app with ours mounted."""
    from airflow.api_fastapi.app import create_app, purge_cached_app

    from airflow_mlsecops.plugin import MlsecopsPlugin

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW__CORE__AUTH_MANAGER", "tests.web.fence.FencedAuthManager")
        purge_cached_app()
        app = create_app(apps="core")
    for mount in MlsecopsPlugin().fastapi_apps:
        app.mount(mount["url_prefix"], mount["app"])
        # Airflow mounts plugins before its own catch-all route.
        app.router.routes.insert(0, app.router.routes.pop())
    return app


@pytest.fixture(scope="module")
def known_dags(server: Any) -> Iterator[Callable[..., None]]:
    """Airflow knows these Dags; auth managers list no others."""
    from airflow.models.dag import DagModel
    from airflow.models.dagbundle import DagBundleModel
    from airflow.utils.session import create_session

    added: list[str] = []

    def add(*dag_ids: str) -> None:
        with create_session() as session:
            if session.get(DagBundleModel, "overview") is None:
                session.add(DagBundleModel(name="overview"))
                session.flush()
            for dag_id in dag_ids:
                if session.get(DagModel, dag_id) is None:
                    session.add(DagModel(dag_id=dag_id, bundle_name="overview", fileloc="x.py"))
                    added.append(dag_id)

    yield add
    with create_session() as session:
        for dag_id in added:
            session.delete(session.get(DagModel, dag_id))
        session.flush()
        session.delete(session.get(DagBundleModel, "overview"))


@pytest.fixture
def ledger(in_memory: Path) -> Iterator[Ledger]:
    """A ledger to write to; pages read the same one."""
    from airflow_mlsecops.web.app import app
    from airflow_mlsecops.web.depends import ledger_of_request

    writing, url, keyring = scene.ledger_in(in_memory)

    def reading() -> Iterator[Ledger]:
        with open_ledger(url, signer=None, keyring=keyring) as opened:
            yield opened

    app.dependency_overrides[ledger_of_request] = reading
    yield writing
    app.dependency_overrides.clear()
    writing.close()


@pytest.fixture
def client(server: Any) -> Callable[..., Any]:
    """A browser that is logged in with a role, or a stranger's."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from fastapi.testclient import TestClient

    def of(role: str | None = None) -> TestClient:
        browser = TestClient(server, raise_server_exceptions=False, follow_redirects=False)
        if role:
            user = SimpleAuthManagerUser(username=role, role=role)
            browser.headers["Authorization"] = f"Bearer {get_auth_manager().generate_jwt(user)}"
        return browser

    return of


@pytest.fixture
def viewer(client: Callable[..., Any], ledger: Ledger) -> Any:
    """Someone who may look, and nothing else."""
    return client("viewer")
