"""A folder of datasets under a policy that declares them, and the gates over them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
from airflow.sdk import BaseOperator

from airflow_mlsecops.core.record import Record
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.operators import AccessGateOperator, ClassifyDatasetOperator, IsolationCheckOperator
from airflow_mlsecops.policy import default_folder
from tests.operators.fakes import context

DECLARED = """
  - match: "**/lake/features/**"
    stage: features
    tier: standard
    purposes: [churn]
    applications: [churn]
  - match: "**/lake/raw/**"
    stage: raw
    tier: standard
    purposes: [churn]
"""
CLEAN = pl.DataFrame({"customer": [f"c{n}" for n in range(100)], "usage": range(100)})
MAILS = [f"ada{n}@example.com" for n in range(100)]


class Train(BaseOperator):
    """A task that leaves a trace of having run."""

    def __init__(self, *, trace: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.trace = trace

    def execute(self, context: Any) -> None:
        self.trace.write_text("trained")


class Lake:
    """A folder of datasets, a policy that declares them, and the gates over them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "mlsecops" / "policy"
        shutil.copytree(default_folder(), self.folder)
        self.edit("\ndatasets:\n", "\ndatasets:" + DECLARED)
        self.features = self.write("features", CLEAN)
        self.trace = home / "trained"

    def edit(self, old: str, new: str) -> None:
        file = self.folder / "policy.yaml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    def write(self, stage: str, frame: pl.DataFrame) -> str:
        file = self.home / "lake" / stage / "churn.parquet"
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        frame.write_parquet(file)
        file.chmod(0o600)
        return f"file://{file}"

    def gates(self, **classify: Any) -> dict[str, Any]:
        scan = ClassifyDatasetOperator(task_id="classify", dataset=self.features, **classify)
        isolate = IsolationCheckOperator(task_id="isolate", dataset=self.features, environment="local")
        access = AccessGateOperator(
            task_id="may_train", dataset=self.features, action="train", purpose="churn", requires=[scan, isolate]
        )
        train = sealed(
            Train(task_id="train", trace=self.trace), dataset=self.features, requires=[scan, isolate, access]
        )
        return {"classify": scan, "isolate": isolate, "may_train": access, "train": train}

    def run(self, task: Any, run_id: str = "r1", **given: Any) -> dict[str, Any]:
        """Run one task as Airflow would: its seal first, then itself."""
        around = context(task, run_id=run_id, **given)
        if task._pre_execute_hook:
            task._pre_execute_hook(around)
        task.execute(around)
        if task._post_execute_hook:
            task._post_execute_hook(around, None)
        return around

    def records(self, **which: Any) -> list[Record]:
        ledger = MlsecopsHook().ledger()
        try:
            return [entry.record for entry in ledger.history(**which)]
        finally:
            ledger.close()
