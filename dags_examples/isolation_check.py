"""Ask whether a run takes place where it should, on data that nobody else can touch."""

from __future__ import annotations

import os
from pathlib import Path

from airflow.sdk import dag, task

from airflow_mlsecops.operators import IsolationCheckOperator

SENSORS = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "examples" / "sensors"


@dag(schedule=None)
def isolation_check() -> None:
    """Write readings of sensors, then ask who else could read or change them."""
    isolate = IsolationCheckOperator(task_id="check_isolation", dataset=f"file://{SENSORS}", environment="local")
    write_readings() >> isolate


@task
def write_readings() -> None:
    """Readings in a folder that only this user can enter."""
    import polars as pl

    SENSORS.mkdir(mode=0o700, parents=True, exist_ok=True)
    minute = pl.int_range(1_440, eager=True)
    readings = pl.DataFrame({"minute": minute, "celsius": 18 + (minute - 720).abs() / 240})
    readings.write_parquet(SENSORS / "readings.parquet")


isolation_check()
