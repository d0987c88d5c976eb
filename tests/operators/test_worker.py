"""What a gate reads of Airflow's own configuration, and which probes it makes."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from airflow_mlsecops.core.environment import Egress, Environment, Spill
from airflow_mlsecops.core.facts import EgressFacts, NotObserved, SpillFacts
from airflow_mlsecops.operators import worker

BEGAN = {"dag_run": SimpleNamespace(start_date=datetime.now(UTC) - timedelta(minutes=1))}


def test_as_airflow_comes() -> None:
    facts = worker.observe_airflow()
    assert (facts.logs, facts.xcom) == ("local", "database")


def test_as_airflow_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "LOGGING__REMOTE_LOGGING": "True",
        "LOGGING__REMOTE_BASE_LOG_FOLDER": "s3://ml-prod-logs/airflow",
        "LOGGING__REMOTE_LOG_CONN_ID": "logs_prod",
        "CORE__XCOM_BACKEND": "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend",
        "COMMON_IO__XCOM_OBJECTSTORAGE_PATH": "s3://xcom_dev@ml-dev/xcom",
    }
    for name, value in said.items():
        monkeypatch.setenv(f"AIRFLOW__{name}", value)
    tagged = '{"conn_type": "aws", "extra": {"mlsecops_environment": "%s"}}'
    monkeypatch.setenv("AIRFLOW_CONN_LOGS_PROD", tagged % "prod-train")
    monkeypatch.setenv("AIRFLOW_CONN_XCOM_DEV", tagged % "dev")
    facts = worker.observe_airflow()
    assert (facts.logs, facts.logs_environment) == ("s3://ml-prod-logs/airflow", "prod-train")
    assert (facts.xcom, facts.xcom_environment) == ("s3://ml-dev/xcom", "dev")


def probed(*requires: str, also: tuple[str, ...] = (), context: Any = BEGAN, **said: Any) -> tuple[Any, Any]:
    return worker.probed(Environment(requires=requires, **said), also, context)


def test_nothing_is_probed_that_is_not_required(tmp_path: Path) -> None:
    assert probed("ENV_MISMATCH", egress=Egress(control=("127.0.0.1:9",))) == (None, None)


@pytest.mark.parametrize(("requires", "also"), [(("EGRESS", "SPILL"), ()), (("*",), ()), ((), ("EGRESS", "SPILL"))])
def test_what_is_required_is_probed(tmp_path: Path, requires: tuple[str, ...], also: tuple[str, ...]) -> None:
    (tmp_path / "left.csv").write_text("x")
    reached, left = probed(*requires, also=also, spill=Spill(folders=(str(tmp_path),)))
    assert reached == EgressFacts()
    assert isinstance(left, SpillFacts)
    assert (left.files, left.folders) == (1, (str(tmp_path),))


def test_a_run_that_does_not_say_when_it_began(tmp_path: Path) -> None:
    for context in ({}, {"dag_run": SimpleNamespace(start_date=None)}):
        _, left = probed("SPILL", context=context, spill=Spill(folders=(str(tmp_path),)))
        assert left == NotObserved(why="Airflow does not say when the run began")


def test_airflows_own_folders_are_meant_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "task.log").write_text("x")
    monkeypatch.setenv("AIRFLOW__LOGGING__BASE_LOG_FOLDER", str(logs))
    _, left = probed("SPILL", spill=Spill(folders=(str(tmp_path),)))
    assert left == SpillFacts(files=0)


def test_a_system_without_user_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "geteuid")
    _, left = probed("SPILL", spill=Spill(folders=(str(tmp_path),)))
    assert left == NotObserved(why="this operating system has no user ids")
