"""Make customers harmless, prove it, and train on nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from airflow.sdk import dag, task

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator, SanitizeDatasetOperator, ValidateDatasetOperator

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

EXAMPLES = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "examples"
CUSTOMERS, SAFE = EXAMPLES / "customers", EXAMPLES / "customers_safe"


@dag(schedule=None)
def sanitise_and_prove() -> None:
    """Customers go through many hands before anything learns from them.

    The policy says how each kind of data is made harmless. ``sanitise`` does it, scans all that it wrote, and publishes
    it only if nothing is left; ``rescan`` asks again, as a task that trusts nobody; ``validate`` asks what people
    expect of the columns that stay; ``train`` asks the ledger whether all of them passed on this very data.
    """
    dataset = f"file://{SAFE}"
    sanitise = SanitizeDatasetOperator(task_id="sanitise", dataset=f"file://{CUSTOMERS}", target=dataset)
    rescan = ClassifyDatasetOperator(task_id="rescan", dataset=dataset)
    validate = ValidateDatasetOperator(task_id="validate", dataset=dataset, suite=what_is_expected)
    trained = sealed(train(), dataset=dataset, requires=[sanitise, rescan, validate])
    write_customers() >> sanitise >> [rescan, validate] >> trained


def what_is_expected() -> ExpectationSuite:
    """A function, since to import Great Expectations takes seconds that parsing a DAG must not."""
    from great_expectations import ExpectationSuite
    from great_expectations.expectations import ExpectColumnValuesToBeBetween

    from airflow_mlsecops.expectations import ExpectColumnValuesToBePseudonymised

    return ExpectationSuite(
        name="customers who are safe to learn from",
        expectations=[
            ExpectColumnValuesToBeBetween(column="visits", min_value=1, max_value=1_000),
            ExpectColumnValuesToBePseudonymised(column="email"),
        ],
    )


@task
def write_customers() -> None:
    """A thousand customers, as a shop would export them: with all that a model does not need."""
    import polars as pl
    from faker import Faker

    fake = Faker()
    fake.seed_instance(7)
    rows = [
        {
            "full_name": fake.name(),
            "email": fake.email(),
            "date_of_birth": fake.date_of_birth(minimum_age=18, maximum_age=89),
            "card_number": fake.credit_card_number(),
            "comment": f"Wrote to {fake.email()} and asked for a call at {fake.numerify('+1 212 555 ####')}.",
            "visits": fake.random_int(1, 40),
            "churned": fake.boolean(25),
        }
        for _ in range(1_000)
    ]
    CUSTOMERS.mkdir(mode=0o700, parents=True, exist_ok=True)
    pl.DataFrame(rows).write_parquet(CUSTOMERS / "customers.parquet")


@task
def train() -> dict[str, float]:
    """How likely customers are to leave, by how often they come."""
    import polars as pl

    customers = pl.read_parquet(SAFE / "*.parquet")
    often = customers["visits"] > 20
    shares = {"often": customers.filter(often), "rarely": customers.filter(~often)}
    return {name: float(some["churned"].cast(pl.Float64).mean() or 0.0) for name, some in shares.items()}


sanitise_and_prove()
