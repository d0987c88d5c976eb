"""The page of one dataset as a browser gets it, from a real ledger through Airflow's own app: within what may be seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.ledger import Ledger
from tests.web import fence, scene
from tests.web.test_overview_page import known_dags  # noqa: F401 - a fixture
from tests.web.test_run_page import Page, page


def address(name: str = scene.FEATURES, kind: str = "", env: str = "prod-train", **more: str) -> str:
    return f"/mlsecops/dataset{kind}?{urlencode({'name': name, 'env': env, **more})}"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops.web import depends

    policy = Policy.model_validate(scene.POLICY)
    monkeypatch.setattr(depends, "titles", lambda: scene.TITLES)
    monkeypatch.setattr(depends, "policy", lambda: policy)
    monkeypatch.setattr(depends, "now", lambda: datetime(2026, 11, 23, 6, 40, tzinfo=UTC))


@pytest.fixture
def estate(ledger: Ledger, known_dags: Callable[..., None]) -> Ledger:  # noqa: F811
    """The scene of the design: yesterday's scan, and the run that was stopped."""
    known_dags(scene.DAG)
    scene.write(ledger, (("classify_features", scene.YESTERDAY),), run_id="scheduled__2026-11-22T06:00:00+00:00")
    scene.write(ledger, scene.STOPPED, start=10)
    return ledger


def test_debug(viewer: Any, estate: Ledger) -> None:
    answer = viewer.get(address())
    print(answer.text[:3000])
    assert answer.status_code == 200
