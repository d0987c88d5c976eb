"""Look into a dataset before anybody uses it."""

from __future__ import annotations

import os
from pathlib import Path

from airflow.sdk import dag, task

from airflow_mlsecops.operators import ClassifyDatasetOperator

ORDERS = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "examples" / "orders"


@dag(schedule=None)
def classify_dataset() -> None:
    """Write orders, then ask what they hold."""
    classify = ClassifyDatasetOperator(task_id="classify_orders", dataset=f"file://{ORDERS}")
    write_orders() >> classify


@task
def write_orders() -> None:
    """A thousand orders, and nobody's name."""
    import polars as pl

    ORDERS.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = pl.int_range(1_000, eager=True)
    orders = pl.DataFrame({"items": number % 7 + 1, "total": number * 0.37 % 90, "returned": number % 11 == 0})
    orders.write_parquet(ORDERS / "orders.parquet")


classify_dataset()
