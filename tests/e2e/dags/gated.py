"""DAGs that the end-to-end tests run: a producer with gates, consumers of its assets, a seal that people try to open."""

from __future__ import annotations

import os
from pathlib import Path

from airflow.sdk import DAG, Asset, task

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import AccessGateOperator, ClassifyDatasetOperator, IsolationCheckOperator, verified

HOME = Path(os.environ["AIRFLOW_HOME"])
FEATURES = f"file://{HOME}/lake/features/churn.csv"
ASSET = Asset(uri=FEATURES)


def write(rows: list[str]) -> None:
    """Write the features file, readable by its owner only."""
    file = Path(FEATURES.removeprefix("file://"))
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.write_text("\n".join(["customer,usage", *rows]) + "\n")
    file.chmod(0o600)


with DAG("producer", schedule=None) as producer:

    @task(outlets=[ASSET])
    def build(dag_run=None) -> None:  # type: ignore[no-untyped-def]
        """Write clean features, or dirty ones where the run asks for it."""
        clean = [f"c{n},{n}" for n in range(50)]
        write([*clean, *([dag_run.conf["plant"]] if dag_run.conf.get("plant") else [])])

    classify = ClassifyDatasetOperator(task_id="classify", dataset=FEATURES)
    isolate = IsolationCheckOperator(task_id="isolate", dataset=FEATURES, environment="local")
    access = AccessGateOperator(
        task_id="may_train", dataset=FEATURES, action="train", purpose="churn", requires=[classify, isolate]
    )

    @task
    def train() -> None:
        """Leave a trace of having run."""
        (HOME / "trained").write_text("yes")

    build() >> [classify, isolate] >> access >> sealed(train(), dataset=FEATURES, requires=[classify, isolate, access])

with DAG("on_asset", schedule=[ASSET]) as on_asset:

    @task
    def consume() -> None:
        """Nothing."""

    consume()

with DAG("on_verified", schedule=[verified(FEATURES)]) as on_verified:

    @task
    def consume_proven() -> None:
        """Nothing."""

    consume_proven()
