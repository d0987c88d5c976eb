"""Gates over data full of planted values: on the passing, failing, unreadable and crashing paths."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, task

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import (
    AccessGateOperator,
    ClassifyDatasetOperator,
    IsolationCheckOperator,
    SanitizeDatasetOperator,
    ValidateDatasetOperator,
)

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


def leaking() -> Any:
    """Expectations whose results hold values, of every kind there is, and one that raises."""
    import great_expectations as gx
    from great_expectations import expectations as gxe

    some = ("email", "phone", "card_number", "ssn", "iban", "gone")
    return gx.ExpectationSuite(
        name="leaking",
        expectations=[
            expectation
            for column in some
            for expectation in (
                gxe.ExpectColumnValuesToBeInSet(column=column, value_set=["nothing"]),
                gxe.ExpectColumnDistinctValuesToBeInSet(column=column, value_set=["nothing"]),
                gxe.ExpectColumnMaxToBeBetween(column=column, max_value=3),
                gxe.ExpectColumnMostCommonValueToBeInSet(column=column, value_set=["nothing"]),
                gxe.ExpectColumnValuesToMatchRegex(column=column, regex="(never"),
            )
        ],
    )


def sanitized(dag_id: str) -> None:
    """What is planted made harmless, once by rules that do, once by a mask that does not; and validated as it is."""
    with DAG(dag_id, schedule=None):
        source, safe = f"file://{FOLDER}/planted.csv", f"file://{FOLDER}/features/safe"
        SanitizeDatasetOperator(task_id="sanitise", dataset=source, target=safe)
        SanitizeDatasetOperator(
            task_id="miss", dataset=source, target=f"file://{FOLDER}/elsewhere.csv", rules={"column:email": "mask"}
        )
        ValidateDatasetOperator(task_id="validate", dataset=source, suite=leaking, result_format="COMPLETE")


sanitized("canary_sanitized")
gated("canary_found", "planted.csv", parents=[f"file://{FOLDER}/planted.parquet"])
gated("canary_allowed", "raw/planted.parquet")
gated("canary_ragged", "ragged.csv")
gated("canary_header", "header.csv")
gated("canary_lines", "broken.jsonl")
gated("canary_crash", "crash.csv")
