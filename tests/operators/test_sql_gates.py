"""Gates on a real PostgreSQL table, through an Airflow connection."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import psycopg
import pytest

from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.operators import (
    ClassifyDatasetOperator,
    IsolationCheckOperator,
    SanitizeDatasetOperator,
    ValidateDatasetOperator,
)
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from airflow_mlsecops.policy import default_folder
from tests._postgres import as_connection, plain
from tests.operators.fakes import context

ENVIRONMENT = """
  prod:
    requires: [ENV_MISMATCH, DATABASE_PLACE, DATABASE_SUPERUSER]
    databases: ["*"]
"""


@pytest.fixture
def crm(deployment: Path, postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A CRM with customers, reached as Airflow reaches it; the ledger lies in the same server."""
    url = plain(postgres_database)
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("CREATE TABLE customers (id int, email text, note jsonb)")
        database.execute(
            "INSERT INTO customers SELECT n, 'ada' || n || '@example.com', '{\"a\": 1}' FROM generate_series(1, 500) n"
        )
    monkeypatch.setenv("AIRFLOW_CONN_CRM", as_connection(url))
    folder = deployment / "mlsecops" / "policy"
    folder.mkdir(parents=True, mode=0o700)
    for file in default_folder().iterdir():
        text = file.read_text()
        if file.name == "policy.yaml":
            text = text.replace(
                "\ndatasets:\n", '\ndatasets:\n  - {match: "postgres://**/**.customers", stage: raw}\n', 1
            )
            text = text.replace("\nenvironments:\n", f"\nenvironments:{ENVIRONMENT}", 1)
        (folder / file.name).write_text(text)
    extra = {"environment": "prod", "ledger": url}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps({"conn_type": "mlsecops", "extra": extra}))
    return url


def test_a_table_is_classified_and_recorded_on_postgres(crm: str) -> None:
    gate = ClassifyDatasetOperator(task_id="classify", dataset="sql://crm/public.customers")
    gate.execute(context(gate))
    ledger = MlsecopsHook().ledger()
    (entry,) = ledger.history()
    verdict = entry.record.verdict
    assert verdict.outcome is Outcome.PASS
    assert (verdict.rows_scanned, verdict.rows_present) == (500, 500)
    assert verdict.dataset.startswith("postgres://")
    assert verdict.dataset.endswith("public.customers")
    assert {(s.column, s.entity, s.rows) for s in verdict.sightings} == {("email", "EMAIL_ADDRESS", 500)}
    assert ledger.verify().ok
    ledger.close()


def test_the_check_of_the_environment_records_whom_the_database_sees(crm: str) -> None:
    gate = IsolationCheckOperator(task_id="isolate", dataset="sql://crm/public.customers", environment="prod")
    with contextlib.suppress(GateFailed, GateUnknown):
        gate.execute(context(gate))
    ledger = MlsecopsHook().ledger()
    identity = ledger.history()[0].record.verdict.identity
    ledger.close()
    with psycopg.connect(crm) as database:
        (user,) = database.execute("SELECT current_user").fetchone() or ("",)
    assert identity == user


def test_a_partition_of_a_table(crm: str) -> None:
    gate = ClassifyDatasetOperator(task_id="classify", dataset="sql://crm/public.customers", partition="id=7")
    gate.execute(context(gate))
    ledger = MlsecopsHook().ledger()
    assert ledger.history()[0].record.verdict.rows_scanned == 1
    ledger.close()


@pytest.mark.parametrize("dataset", ["sql://crm/public.nowhere", "sql://nobody/public.customers"])
def test_what_is_not_there_is_unknown(crm: str, dataset: str) -> None:
    gate = ClassifyDatasetOperator(task_id="classify", dataset=dataset)
    with pytest.raises(GateUnknown):
        gate.execute(context(gate))


def test_a_superuser_is_refused(crm: str) -> None:
    gate = IsolationCheckOperator(task_id="isolate", dataset="sql://crm/public.customers", environment="prod")
    with pytest.raises(GateFailed, match="DATABASE_SUPERUSER"):
        gate.execute(context(gate))


SAFE = '\ndatasets:\n  - {match: "postgres://**/**.safe", stage: features, tier: standard}\n'


def test_a_table_is_sanitized_within_postgres_and_validated_there(crm: str, deployment: Path) -> None:
    policy = deployment / "mlsecops" / "policy" / "policy.yaml"
    policy.write_text(policy.read_text().replace("\ndatasets:\n", SAFE, 1))
    with psycopg.connect(crm, autocommit=True) as database:
        database.execute("CREATE ROLE analyst")
        database.execute("CREATE TABLE safe (id int, email text, note text)")
        database.execute("GRANT SELECT ON safe TO analyst")
    sanitise = SanitizeDatasetOperator(
        task_id="sanitise", dataset="sql://crm/public.customers", target="sql://crm/public.safe"
    )
    sanitise.execute(context(sanitise))
    with psycopg.connect(crm) as database:
        rows = database.execute("SELECT id, email, note FROM safe ORDER BY id").fetchall()
        readers = database.execute("SELECT has_table_privilege('analyst', 'safe', 'SELECT')").fetchone()
        tables = database.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE '%staging%'").fetchone()
    assert [row[0] for row in rows] == list(range(1, 501))
    assert all(len(row[1]) == 32 and "@" not in row[1] for row in rows)
    assert (readers, tables) == ((True,), (0,))
    validate = ValidateDatasetOperator(task_id="validate", dataset="sql://crm/public.safe", suite=emails_are_there)
    validate.execute(context(validate))


def emails_are_there() -> object:
    import great_expectations as gx

    from airflow_mlsecops.expectations import ExpectColumnValuesToBePseudonymised

    pseudonyms = ExpectColumnValuesToBePseudonymised(column="email")
    return gx.ExpectationSuite(
        name="safe", expectations=[gx.expectations.ExpectColumnValuesToNotBeNull(column="email"), pseudonyms]
    )
