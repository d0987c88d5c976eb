"""Ask what people expect of a dataset, in Great Expectations, and what the policy expects of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from airflow.sdk import dag, task

from airflow_mlsecops.operators import ValidateDatasetOperator

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

STOCK = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "examples" / "stock"


@dag(schedule=None)
def validate_dataset() -> None:
    """Write what is in stock, then ask whether it looks as it should."""
    validate = ValidateDatasetOperator(task_id="validate_stock", dataset=f"file://{STOCK}", suite=what_is_expected)
    write_stock() >> validate


def what_is_expected() -> ExpectationSuite:
    """A function, since to import Great Expectations takes seconds that parsing a DAG must not."""
    from great_expectations import ExpectationSuite
    from great_expectations.expectations import ExpectColumnValuesToBeBetween, ExpectColumnValuesToNotBeNull

    return ExpectationSuite(
        name="stock",
        expectations=[
            ExpectColumnValuesToNotBeNull(column="article"),
            ExpectColumnValuesToBeBetween(column="pieces", min_value=0),
        ],
    )


@task
def write_stock() -> None:
    """A thousand articles."""
    import polars as pl

    STOCK.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = pl.int_range(1_000, eager=True)
    stock = pl.DataFrame({"article": "A-" + number.cast(pl.String), "pieces": number % 17})
    stock.write_parquet(STOCK / "stock.parquet")


validate_dataset()
