"""Ask whether this application may use a dataset for a purpose, given what this run has proven of it."""

from __future__ import annotations

import os
from pathlib import Path

from airflow.sdk import dag, task

from airflow_mlsecops.operators import AccessGateOperator, ClassifyDatasetOperator, IsolationCheckOperator

DEMAND = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "examples" / "demand"
DATASET = f"file://{DEMAND}"


@dag(schedule=None)
def access_gate() -> None:
    """Write sales, prove them, then ask whether a forecast may train on them."""
    classify = ClassifyDatasetOperator(task_id="classify_demand", dataset=DATASET)
    isolate = IsolationCheckOperator(task_id="check_isolation", dataset=DATASET, environment="local")
    access = AccessGateOperator(
        task_id="may_train", dataset=DATASET, action="train", purpose="forecast", requires=[classify, isolate]
    )
    write_demand() >> [classify, isolate] >> access


@task
def write_demand() -> None:
    """A year of sales, a little higher at every week's end."""
    import polars as pl

    DEMAND.mkdir(mode=0o700, parents=True, exist_ok=True)
    day = pl.int_range(365, eager=True)
    pl.DataFrame({"day": day, "sold": 40 + day % 7 * 3}).write_parquet(DEMAND / "demand.parquet")


access_gate()
