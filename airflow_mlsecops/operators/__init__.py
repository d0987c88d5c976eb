"""The gates, to be put between extract, feature engineering and training."""

# First: while Airflow is imported it loads our cluster policy, which needs these modules whole.
import airflow  # noqa: F401

from airflow_mlsecops.operators.access import AccessGateOperator
from airflow_mlsecops.operators.classify import ClassifyDatasetOperator, verified
from airflow_mlsecops.operators.isolation import IsolationCheckOperator
from airflow_mlsecops.operators.sanitize import SanitizeDatasetOperator
from airflow_mlsecops.operators.submits import job_of
from airflow_mlsecops.operators.validate import ValidateDatasetOperator

__all__ = [
    "AccessGateOperator",
    "ClassifyDatasetOperator",
    "IsolationCheckOperator",
    "SanitizeDatasetOperator",
    "ValidateDatasetOperator",
    "job_of",
    "verified",
]
