"""Let somebody who answers for the data approve what a gate found, for a while and in writing."""

from __future__ import annotations

import os
from pathlib import Path

from airflow.sdk import dag, task

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator

INCOMES = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "examples" / "incomes"


@dag(schedule=None)
def approve() -> None:
    """Write incomes, which features may not hold; train on them only if an approver accepts that."""
    classify = ClassifyDatasetOperator(task_id="classify_incomes", dataset=f"file://{INCOMES}", on_violation="approve")
    write_incomes() >> classify >> sealed(average(), dataset=f"file://{INCOMES}", requires=[classify])


@task
def write_incomes() -> None:
    """A thousand households, and what they earn."""
    import polars as pl

    INCOMES.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = pl.int_range(1_000, eager=True)
    incomes = pl.DataFrame({"rooms": number % 5 + 1, "annual_income": 18_000 + number * 7_919 % 61_000})
    incomes.write_parquet(INCOMES / "incomes.parquet")


@task
def average() -> float:
    """What households of this kind earn."""
    import polars as pl

    return float(pl.read_parquet(INCOMES / "incomes.parquet")["annual_income"].mean() or 0.0)


approve()
