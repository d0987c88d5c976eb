"""What Airflow sees of the installed distribution."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import airflow_mlsecops
from airflow_mlsecops.provider import get_provider_info
from airflow_mlsecops.settings import FIELDS

AIRFLOW = Path(sys.executable).parent / "airflow"


def airflow(*command: str, home: Path) -> str:
    environment = {**os.environ, "AIRFLOW_HOME": str(home)}
    done = subprocess.run([AIRFLOW, *command], capture_output=True, text=True, timeout=180, check=True, env=environment)
    assert "importError" not in done.stdout
    assert "already registered" not in done.stdout + done.stderr
    return done.stdout


@pytest.mark.airflow
def test_airflow_lists_the_provider_once(airflow_db: Path) -> None:
    listed = json.loads(airflow("providers", "list", "-o", "json", home=airflow_db).strip().splitlines()[-1])
    (found,) = [provider for provider in listed if provider["package_name"] == "airflow-mlsecops"]
    assert found["version"] == airflow_mlsecops.__version__


@pytest.mark.airflow
def test_airflow_loads_the_plugin_without_errors(airflow_db: Path) -> None:
    said = airflow("plugins", "-o", "json", home=airflow_db)
    assert "mlsecops" in said
    assert "mlsecops-run" in said
    assert "mlsecops-task" in said


def test_entry_points() -> None:
    groups = {group: {point.name: point.value for point in entry_points(group=group)} for group in
              ("apache_airflow_provider", "airflow.plugins", "airflow.policy", "console_scripts")}  # fmt: skip
    assert groups["airflow.plugins"]["mlsecops"] == "airflow_mlsecops.plugin:MlsecopsPlugin"
    assert groups["airflow.policy"]["mlsecops"] == "airflow_mlsecops.dag.cluster_policy"
    assert groups["console_scripts"]["airflow-mlsecops"] == "airflow_mlsecops.cli:main"


def test_the_form_has_a_field_for_each_setting_and_masks_the_secret() -> None:
    (connection,) = get_provider_info()["connection-types"]
    assert set(connection["conn-fields"]) == set(FIELDS)
    assert connection["conn-fields"]["fingerprint_secret"]["schema"]["format"] == "password"


def test_the_version_is_said_once() -> None:
    assert get_provider_info()["versions"] == [airflow_mlsecops.__version__]
