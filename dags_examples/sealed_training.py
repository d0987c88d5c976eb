"""Seal a training task: whatever happened to the gates before it, it trains only on data that passed in this run."""

from __future__ import annotations

import os
from pathlib import Path

from airflow.sdk import dag, task

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator

PRICES = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "examples" / "prices"
DATASET = f"file://{PRICES}"


@dag(schedule=None)
def sealed_training() -> None:
    """Write prices, prove them, then fit a line through what was proven.

    Mark ``classify_prices`` as success instead of running it: the ledger holds no record, so ``fit`` refuses.
    """
    classify = ClassifyDatasetOperator(task_id="classify_prices", dataset=DATASET)
    fitted = sealed(fit(), dataset=DATASET, requires=[classify])
    write_prices() >> classify >> fitted


@task
def write_prices() -> None:
    """Areas of flats, and what they cost."""
    import polars as pl

    PRICES.mkdir(mode=0o700, parents=True, exist_ok=True)
    area = pl.int_range(30, 180, eager=True)
    pl.DataFrame({"area": area, "price": area * 11 + area % 13}).write_parquet(PRICES / "prices.parquet")


@task
def fit() -> dict[str, float]:
    """Least squares."""
    import numpy as np
    import polars as pl

    flats = pl.read_parquet(PRICES / "prices.parquet")
    slope, intercept = np.polyfit(flats["area"], flats["price"], 1)
    return {"slope": float(slope), "intercept": float(intercept)}


sealed_training()
