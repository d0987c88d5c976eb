"""Run a DAG only on proven data: it is scheduled on the events of a dataset's passing verdicts."""

from __future__ import annotations

import os
from pathlib import Path

from airflow.sdk import dag, task

from airflow_mlsecops.operators import verified

# The dataset that classify_dataset.py proves; a FAIL or UNKNOWN there emits nothing, so nothing runs here.
ORDERS = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "examples" / "orders"


@dag(schedule=verified(f"file://{ORDERS}"))
def verified_schedule() -> None:
    """Report on the orders, once per passing verdict."""
    report()


@task
def report() -> dict[str, float]:
    """Sum up what was proven."""
    import polars as pl

    orders = pl.read_parquet(ORDERS / "orders.parquet")
    return {"orders": orders.height, "total": float(orders["total"].sum())}


verified_schedule()
