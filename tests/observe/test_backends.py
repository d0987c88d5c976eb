"""Where Airflow keeps logs and XCom, by its configuration."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_mlsecops.core.facts import AirflowFacts, ConnectionFacts, NotObserved
from airflow_mlsecops.observe.backends import Configured, observe

STORE = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"
TAGS = {"aws_prod": "prod-train", "aws_dev": "dev", "untagged": ""}


def lookup(connection: str) -> ConnectionFacts | NotObserved:
    if connection not in TAGS:
        return NotObserved(why=f"connection {connection} is not there")
    return ConnectionFacts(id=connection, type="aws", environment=TAGS[connection])


def seen(**said: Any) -> AirflowFacts:
    return observe(Configured(**said), lookup)


@pytest.mark.parametrize("backend", ["", "airflow.sdk.execution_time.xcom.BaseXCom", "airflow.models.xcom.BaseXCom"])
def test_as_airflow_comes(backend: str) -> None:
    facts = seen(xcom_backend=backend, log_folder="s3://left-over", xcom_path="s3://left-over/x")
    assert (facts.logs, facts.xcom) == ("local", "database")


@pytest.mark.parametrize("remote", [True, False])
def test_logging_that_somebody_else_sets_up_may_send_logs_anywhere(remote: bool) -> None:
    facts = seen(logging_class="my.logs.CONFIG", remote_logging=remote, log_folder="s3://ml-prod-logs")
    assert unseen(facts.logs)
    assert "my.logs.CONFIG" in str(facts.logs)


LOGS = [
    ("s3://ml-prod-logs/airflow/", "aws_prod", "s3://ml-prod-logs/airflow", "prod-train"),
    ("s3://ml-prod-logs", "aws_dev", "s3://ml-prod-logs", "dev"),
    ("s3a://ml-prod-logs", "untagged", "s3://ml-prod-logs", ""),
    ("s3://ml-prod-logs", "", "s3://ml-prod-logs", None),
    ("s3://ml-prod-logs", "gone", "s3://ml-prod-logs", None),
    ("cloudwatch://arn:aws:logs:eu-west-1:222222222222:log-group:airflow", "aws_prod",
     "cloudwatch://arn:aws:logs:eu-west-1:222222222222:log-group:airflow", "prod-train"),
]  # fmt: skip


@pytest.mark.parametrize(("folder", "connection", "place", "environment"), LOGS)
def test_logs_in_a_store(folder: str, connection: str, place: str, environment: str | None) -> None:
    facts = seen(remote_logging=True, log_folder=folder, log_connection=connection)
    assert facts.logs == place
    assert facts.logs_environment == environment or (environment is None and unseen(facts.logs_environment))


@pytest.mark.parametrize("folder", ["", "logs", "s3://user:canary@bucket/x", "s3://", "s3://b/../c"])
def test_a_store_that_cannot_be_read(folder: str) -> None:
    facts = seen(remote_logging=True, log_folder=folder, log_connection="aws_prod")
    assert unseen(facts.logs)
    assert "canary" not in facts.model_dump_json()


def test_xcom_in_a_store() -> None:
    facts = seen(xcom_backend=STORE, xcom_path="s3://aws_dev@ml-dev/xcom")
    assert (facts.xcom, facts.xcom_environment) == ("s3://ml-dev/xcom", "dev")
    assert unseen(seen(xcom_backend=STORE, xcom_path="s3://ml-dev/xcom").xcom_environment)
    assert unseen(seen(xcom_backend=STORE).xcom)


def test_an_xcom_backend_that_nobody_knows() -> None:
    facts = seen(xcom_backend="house.xcom.Backend", xcom_path="s3://aws_prod@ml-prod/xcom")
    assert facts.xcom == NotObserved(why="nobody knows where house.xcom.Backend keeps it")


def unseen(fact: object) -> bool:
    return isinstance(fact, NotObserved)
