"""Retrain the churn model every day: three gates ask before it trains, and a seal asks once more when it does."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from airflow.sdk import Param, dag, task

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import AccessGateOperator, ClassifyDatasetOperator, IsolationCheckOperator

ROOT = Path(os.environ.get("CHURN_ROOT") or Path(os.environ.get("AIRFLOW_HOME", "~/airflow")) / "churn").expanduser()
DAY = "{{ (dag_run.logical_date or dag_run.run_after) | ds }}/"
CRM, RAW, FEATURES = "sql://crm_db/main.customers", f"file://{ROOT}/raw", f"file://{ROOT}/features"


@dag(schedule="@daily", catchup=False, params={"enrich": Param(["campaign"], type="array", description="of campaigns")})
def churn_retraining() -> None:
    """Extract, prove, build, prove, train."""
    classify_raw = ClassifyDatasetOperator(task_id="classify_raw", dataset=RAW, partition=DAY)
    classify = ClassifyDatasetOperator(  # what is in it? is that new? which parent brought it?
        task_id="classify_features", dataset=FEATURES, partition=DAY, parents=[CRM]
    )
    isolate = IsolationCheckOperator(  # is this the environment it should be, and who else can touch the data?
        task_id="check_isolation", dataset=FEATURES, partition=DAY, environment="local"
    )
    access = AccessGateOperator(  # may this application train on this?
        task_id="may_train", dataset=FEATURES, partition=DAY, action="train", purpose="churn",
        principal="churn_retraining", requires=[classify, isolate],
    )  # fmt: skip
    trained = sealed(retrain(DAY), dataset=FEATURES, partition=DAY, requires=[classify, isolate, access])

    extract(DAY) >> classify_raw >> build_features(DAY) >> [classify, isolate] >> access >> trained


@task
def extract(day: str) -> None:
    """Copy the CRM's tables and the day's feeds."""
    import polars as pl
    from airflow.providers.sqlite.hooks.sqlite import SqliteHook

    raw = folder("raw", day)
    crm = SqliteHook("crm_db").get_conn()
    for name in ("customers", "subscriptions", "campaigns"):
        table = pl.read_database(f"SELECT * FROM {name}", crm, infer_schema_length=None)
        table.write_parquet(raw / f"{name}.parquet")
    crm.close()
    for feed in ("usage", "support_notes"):
        shutil.copyfile(ROOT / "feeds" / day / f"{feed}.parquet", raw / f"{feed}.parquet")


@task
def build_features(day: str, params: dict[str, Any] | None = None) -> None:
    """Join what the model learns from; nothing of it says who a customer is."""
    import polars as pl

    raw = {path.stem: pl.read_parquet(path) for path in folder("raw", day).iterdir()}
    tickets = raw["support_notes"].group_by("customer_id").agg(tickets=pl.len(), ticket_minutes=pl.sum("minutes_spent"))
    (
        raw["customers"].select("customer_id", "country", "channel")
        .join(raw["subscriptions"], on="customer_id")
        .join(raw["usage"], on="customer_id")
        .join(raw["campaigns"].select("customer_id", *(params or {})["enrich"]), on="customer_id")
        .join(tickets, on="customer_id", how="left")
        .drop("customer_id")
        .write_parquet(folder("features", day) / "features.parquet")
    )  # fmt: skip


@task
def retrain(day: str) -> dict[str, float]:
    """Train on nine rows of ten, score on the tenth, and write the model with its metrics."""
    import joblib
    import pandas as pd
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import accuracy_score, roc_auc_score
    from sklearn.model_selection import train_test_split

    rows = pd.read_parquet(folder("features", day))
    words = {name: rows[name].astype("category") for name in rows.select_dtypes(exclude="number")}
    x, test_x, y, test_y = train_test_split(
        rows.assign(**words).drop(columns="churned"), rows["churned"], test_size=0.1, random_state=0
    )
    model = HistGradientBoostingClassifier(max_iter=60, categorical_features="from_dtype", random_state=0).fit(x, y)
    auc = roc_auc_score(test_y, model.predict_proba(test_x)[:, 1])
    metrics = {"accuracy": float(accuracy_score(test_y, model.predict(test_x))), "auc": float(auc)}
    there = folder("models", day)
    joblib.dump(model, there / "churn.joblib")
    (there / "metrics.json").write_text(json.dumps(metrics))
    return metrics


def folder(*names: str) -> Path:
    """A folder of the data root, which only this task's user can enter."""
    ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = ROOT.joinpath(*names)
    there.mkdir(parents=True, exist_ok=True)
    return there


churn_retraining()
