"""A gate that asks people, and a sealed task after it."""

from __future__ import annotations

import os
from pathlib import Path

from airflow.sdk import DAG, task

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator

HOME = Path(os.environ["AIRFLOW_HOME"])

with DAG("asking", schedule=None):
    dataset = f"file://{HOME}/asking/incomes.csv"
    classify = ClassifyDatasetOperator(task_id="classify", dataset=dataset, on_violation="approve", retries=1)

    @task
    def train() -> None:
        """Leave a trace."""
        (HOME / "asking" / "trained").write_text("trained")

    classify >> sealed(train(), dataset=dataset, requires=[classify])
