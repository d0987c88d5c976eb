"""What the empty page offers to paste; the tests run it."""

from __future__ import annotations

GATE = """\
from airflow_mlsecops.operators import ClassifyDatasetOperator

features = "file:///data/features/churn.parquet"
classify = ClassifyDatasetOperator(task_id="classify_features", dataset=features)
build_features >> classify >> retrain"""

SEAL = """\
from airflow_mlsecops.dag import sealed

retrain = sealed(retrain, dataset=features, requires=[classify])"""
