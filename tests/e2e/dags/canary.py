"""Gates over data full of planted values: on the passing, failing, unreadable and crashing paths."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, task

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import AccessGateOperator, ClassifyDatasetOperator, IsolationCheckOperator

FOLDER = Path(os.environ["AIRFLOW_HOME"]) / "canary"


class Crashing(ClassifyDatasetOperator):
    """A gate that meets an error whose text holds values, as parsers' and drivers' texts do."""

    def judge(self, attempt: Any) -> Any:
        raise ValueError((FOLDER / "planted.csv").read_text())


def gated(dag_id: str, file: str, **classify: Any) -> None:
    """Every kind of gate over one file, each run whatever the others said."""
    with DAG(dag_id, schedule=None):
        dataset = f"file://{FOLDER}/{file}"
        kind = Crashing if file == "crash.csv" else ClassifyDatasetOperator
        scan = kind(task_id="classify", dataset=dataset, **classify)
        isolate = IsolationCheckOperator(
            task_id="isolate", dataset=dataset, environment="local", trigger_rule="all_done"
        )
        access = AccessGateOperator(
            task_id="may_train", dataset=dataset, action="train", purpose="churn", requires=[scan, isolate],
            trigger_rule="all_done",
        )  # fmt: skip

        @task(trigger_rule="all_done")
        def train() -> None:
            """Never reached."""

        scan >> isolate >> access >> sealed(train(), dataset=dataset, requires=[scan, isolate, access])


gated("canary_found", "planted.csv", parents=[f"file://{FOLDER}/planted.parquet"])
gated("canary_allowed", "raw/planted.parquet")
gated("canary_ragged", "ragged.csv")
gated("canary_header", "header.csv")
gated("canary_lines", "broken.jsonl")
gated("canary_crash", "crash.csv")
