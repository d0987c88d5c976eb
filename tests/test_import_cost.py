"""DAG files are parsed every few seconds: importing the operators must stay cheap and touch nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ["great_expectations", "pandas", "polars", "pyarrow", "boto3", "cedarpy", "sqlalchemy", "fastapi", "numpy"]
ROOT = Path(__file__).parent.parent
PROBE = """
import json, sys
import airflow.sdk
before = set(sys.modules)
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event in WATCHED else None)
{what}
loaded = set(sys.modules) - before
heavy = sorted(name for name in {heavy} if name in loaded)
print("PROBE" + json.dumps([heavy, opened]))
"""
PARSED = """
import airflow_mlsecops.operators, airflow_mlsecops.dag, airflow_mlsecops.notifications
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator
with DAG("parsed") as dag:
    tell = airflow_mlsecops.notifications.MlsecopsNotifier("nowhere.SmtpNotifier", to="security@example.org")
    classify = airflow_mlsecops.operators.ClassifyDatasetOperator(
        task_id="classify", dataset="file:///nowhere/x", parents=["sql://crm/public.customers"], on_failure_callback=tell)
    isolate = airflow_mlsecops.operators.IsolationCheckOperator(
        task_id="isolate", dataset="file:///nowhere/x", environment="prod")
    access = airflow_mlsecops.operators.AccessGateOperator(
        task_id="access", dataset="file:///nowhere/x", action="train", purpose="p", requires=[classify, isolate])
    train = airflow_mlsecops.dag.sealed(
        BashOperator(task_id="train", bash_command="true"), dataset="file:///nowhere/x", requires=[classify, isolate, access])
    [classify, isolate] >> access >> train
"""


def probe(what: str, watched: tuple[str, ...]) -> tuple[list[str], list[str]]:
    code = PROBE.replace("WATCHED", repr(watched)).format(what=what, heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, timeout=120
    )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("PROBE")]
    heavy, opened = json.loads(line.removeprefix("PROBE"))
    return heavy, opened


def test_parsing_a_gated_dag_loads_nothing_heavy() -> None:
    heavy, _ = probe(PARSED, ())
    assert heavy == []


def test_parsing_touches_no_network_and_no_ledger() -> None:
    _, opened = probe(PARSED, ("socket.connect", "sqlite3.connect"))
    assert opened == []


def test_the_probe_would_notice() -> None:
    heavy, opened = probe("import sqlite3, polars; sqlite3.connect(':memory:')", ("sqlite3.connect",))
    assert "polars" in heavy
    assert opened == [":memory:"]


@pytest.mark.parametrize(
    "module", ["operators", "operators.links", "dag", "dag.cluster_policy", "notifications", "plugin", "provider"]
)
def test_each_module_can_be_imported_before_airflow(module: str) -> None:
    """Airflow loads the cluster policy while it is imported itself."""
    subprocess.run([sys.executable, "-c", f"import airflow_mlsecops.{module}"], cwd=ROOT, check=True, timeout=120)
