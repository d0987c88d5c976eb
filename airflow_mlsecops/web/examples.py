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

APPROVE = """\
classify = ClassifyDatasetOperator(
    task_id="classify_features", dataset=features, on_violation="approve")"""

WAIVER = """\
waivers:
  - id: W-1
    dataset: s3://ml-prod/features/churn
    code: ENTITY_NOT_ALLOWED
    subject: contact_hint
    entity: EMAIL_ADDRESS
    requested_by: author-1
    approved_by: approver-1
    reason: until the contact form is replaced
    until: 2027-01-31
    max_share: 0.002"""
