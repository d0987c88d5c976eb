"""The deployment beside a command: a connection that is absent is not one that nobody could look for."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time.comms import ConnectionResult, ErrorResponse

from airflow_mlsecops.cli.deployment import connection_declared, deployment
from airflow_mlsecops.cli.symptoms import place_of
from airflow_mlsecops.core.errors import SettingsError
from airflow_mlsecops.hook import MlsecopsHook
from tests.cli.conftest import Run
from tests.ledger.make import a_private_pem

EXTRA = '{"environment": "prod"}'
VARIABLE = "AIRFLOW_CONN_MLSECOPS_DEFAULT"
ADDRESSES = "id,email\n1,alice@example.org\n"


def connection(**extra: str) -> str:
    return json.dumps({"conn_type": "mlsecops", "extra": extra})


class Supervisor:
    """Answers as a task's supervisor would."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def send(self, _message: object) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def supervised(monkeypatch: pytest.MonkeyPatch, deployment: Path) -> Any:
    """Pretend to be inside a task whose supervisor gives a certain answer."""
    from airflow.sdk.execution_time import task_runner

    def answer(with_what: object) -> None:
        monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", Supervisor(with_what), raising=False)

    return answer


def test_absent_inside_a_task(supervised: Any) -> None:
    supervised(ErrorResponse(error=ErrorType.CONNECTION_NOT_FOUND))
    assert MlsecopsHook().settings.embedded


@pytest.mark.parametrize(
    "answer",
    [
        ErrorResponse(error=ErrorType.API_SERVER_ERROR),
        ErrorResponse(error=ErrorType.GENERIC_ERROR),
        ErrorResponse(),
        AirflowRuntimeError(ErrorResponse(error=ErrorType.API_SERVER_ERROR)),
        TimeoutError("token hunter2"),
    ],
    ids=range(5),
)
def test_an_api_server_that_fails_is_not_an_absence(supervised: Any, answer: object) -> None:
    supervised(answer)
    with pytest.raises(SettingsError) as caught:
        _ = MlsecopsHook().settings
    assert caught.value.code == "CONNECTION_NOT_OBSERVED"
    assert "hunter2" not in str(caught.value)


def test_one_that_answers_is_read(supervised: Any) -> None:
    supervised(ConnectionResult.model_construct(conn_id="mlsecops_default", conn_type="mlsecops", extra=EXTRA))
    assert MlsecopsHook().settings.environment == "prod"


@pytest.mark.airflow
def test_one_in_airflows_database_is_found(airflow_db: Path, deployment_home: None) -> None:
    from airflow.models import Connection
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    with create_session() as session:
        session.add(Connection(conn_id="mlsecops_default", conn_type="mlsecops", extra='{"environment": "stored"}'))
    try:
        with deployment() as hook:
            assert hook.settings.environment == "stored"
    finally:
        with create_session() as session:
            session.execute(delete(Connection).where(Connection.conn_id == "mlsecops_default"))
    with deployment() as hook:
        assert hook.settings.embedded


@pytest.fixture
def deployment_home(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("deployment")


def test_the_process_is_left_as_it_was(deployment_home: None) -> None:
    import os

    before = dict(os.environ)
    with deployment():
        pass
    assert dict(os.environ) == before
    assert isinstance(sys.modules["airflow"], ModuleType)


@pytest.mark.airflow
def test_a_database_that_does_not_answer_is_unknown(spawn: Run) -> None:
    answer = spawn(
        "ledger", "verify", AIRFLOW__DATABASE__SQL_ALCHEMY_CONN="postgresql+psycopg2://u:hunter2@127.0.0.1:1/x"
    )
    assert answer.code == 2
    assert answer.err.startswith("UNKNOWN CONNECTION_NOT_OBSERVED"), answer.both
    assert "hunter2" not in answer.both
    assert not answer.out


@pytest.mark.parametrize(
    ("variables", "config", "declared"),
    [
        ({}, "", False),
        ({VARIABLE: connection()}, "", True),
        ({"AIRFLOW__MLSECOPS__CONN_ID": "x"}, "", True),
        ({"AIRFLOW__MLSECOPS__CONN_ID": ""}, "", False),
        ({"AIRFLOW_CONN_OTHER": "x://"}, "", False),
        ({}, "[mlsecops]\nconn_id = x\n", True),
        ({}, "[mlsecops]\n# conn_id =\n[core]\nlog = %(x)s %Y\n", False),
        ({}, "conn_id = x\n", True),  # no section: Airflow refuses it as well
    ],
    ids=range(8),
)
def test_what_declares_a_connection(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], config: str, declared: bool
) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if config:
        (tmp_path / "airflow.cfg").write_text(config)
    assert connection_declared() is declared


def test_a_declared_connections_policy_judges_plain_files(
    run: Run, features: Path, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (features / "a.csv").write_text(ADDRESSES)
    monkeypatch.setenv(VARIABLE, connection(policy=str(policy)))
    answer = run("scan", features / "a.csv")
    assert answer.code == 1
    assert f"by the policy at {policy}" in answer.out
    monkeypatch.setenv(VARIABLE, connection(policy=str(policy / "none")))
    assert run("scan", features / "a.csv").code == 2
    monkeypatch.setenv(VARIABLE, connection(environment="NO!"))
    answer = run("scan", features / "a.csv", "--json")
    assert answer.code == 2
    assert json.loads(answer.out)["verdict"]["findings"][0]["code"] == "SETTINGS_INVALID"


@pytest.mark.parametrize(
    ("uri", "code", "said"),
    [
        ("sql://lake/main.people", 1, "ENTITY_NOT_ALLOWED"),
        ("sql://lake/main.empty", 2, "NO_ROWS"),
        ("sql://lake/main.nothing", 2, "not looked at"),
        ("sql://nowhere/main.people", 2, "NO_CONNECTION"),
        ("sql://strange/main.people", 2, "NO_PROVIDER"),
        ("s3://nowhere@bucket/key", 2, "not looked at"),
        ("gopher://nowhere@bucket/key", 2, "NO_FILESYSTEM"),
    ],
)
def test_what_needs_a_connection(
    run: Run, tmp_path: Path, policy: Path, monkeypatch: pytest.MonkeyPatch, uri: str, code: int, said: str
) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "lake.db") as database:
        database.execute("CREATE TABLE people (id, email)")
        database.execute("CREATE TABLE empty (id, email)")
        database.execute("INSERT INTO people VALUES (1, 'alice@example.org')")
    monkeypatch.setenv("AIRFLOW_CONN_LAKE", json.dumps({"conn_type": "sqlite", "host": f"{tmp_path}/lake.db"}))
    monkeypatch.setenv("AIRFLOW_CONN_STRANGE", "ftp://user:hunter2@127.0.0.1:1/x")
    answer = run("scan", uri, "--policy", policy)
    assert answer.code == code, answer.both
    assert said in answer.both
    assert "unexpected" not in answer.both
    assert "hunter2" not in answer.both
    assert "alice" not in answer.both


def test_a_policy_in_a_store_that_nothing_opens(run: Run) -> None:
    answer = run("policy", "check", "gopher://nowhere/policy")
    assert (answer.code, "POLICY_UNREADABLE" in answer.both, "unexpected" in answer.both) == (2, True, False)


@pytest.fixture
def doctor(run: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the doctor says of a connection: grades by subject, the exit code, and all of it."""

    def ask(value: str | None) -> tuple[dict[str, str], int, str]:
        if value is not None:
            monkeypatch.setenv(VARIABLE, value)
        answer = run("doctor")
        head, *lines = answer.out.splitlines()
        subject = slice(head.index("what"), head.index("found"))
        grades = {line[subject].strip(): line.split(" ")[0] for line in lines if line[:1] in "OWF" and line[:1]}
        return grades, answer.code, " ".join(answer.both.split())

    return ask


def test_doctor_of_embedded_defaults(doctor: Any, deployment: Path) -> None:
    grades, code, said = doctor(None)
    assert code == 0, said
    assert "FAIL" not in grades.values()
    assert grades["connection"] == grades["signing key"] == "WARN"
    assert "no connection mlsecops_default" in said
    assert "local key" in said
    assert not list(deployment.rglob("*.key"))
    assert not list(deployment.rglob("*.db"))


PEM = a_private_pem().decode()


@pytest.mark.parametrize(
    ("said", "failing"),
    [
        ({"environment": "nowhere"}, "environment"),
        ({"ledger": "postgresql://u:hunter2@127.0.0.1:1/x?password=hunter2"}, "ledger"),
        ({"ledger": "mysql://u:hunter2@127.0.0.1:1/x"}, "ledger"),
        ({"ledger": "no_such_connection"}, "ledger"),
        ({"policy": "/nowhere/hunter"}, "policy"),
        ({"password": PEM}, "signing key"),
        ({"password": "hunter2"}, "signing key"),
        ({"frob": "hunter2"}, "connection"),
        ({"fingerprint_secret": "hunter2"}, "connection"),
    ],
    ids=range(9),
)
def test_doctor_names_what_to_mend_and_no_secret(doctor: Any, said: dict[str, str], failing: str) -> None:
    extra = {name: value for name, value in said.items() if name != "password"}
    grades, code, output = doctor(
        json.dumps({"conn_type": "mlsecops", "password": said.get("password"), "extra": extra})
    )
    assert code == 1
    assert grades[failing] == "FAIL", output
    assert "hunter2" not in output
    assert "PRIVATE KEY" not in output
    assert PEM.splitlines()[1] not in output
    assert "Traceback" not in output
    assert "unexpected" not in output


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("sqlite:////srv/ledger.db", "SQLite /srv/ledger.db"),
        ("postgresql://u:hunter2@db:6432/proof", "postgresql db:6432/proof"),
        ("postgresql+psycopg://hunter2@db/proof?password=hunter2&sslkey=hunter2", "postgresql db/proof"),
        ("postgresql:///proof?host=/run&password=hunter2", "postgresql localhost/proof"),
        ("hunter2", "a ledger whose URL cannot be read"),
    ],
)
def test_where_a_ledger_is_holds_no_secret(url: str, place: str) -> None:
    assert place_of(url) == place
