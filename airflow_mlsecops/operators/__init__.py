"""The gates, to be put between extract, feature engineering and training."""

from airflow_mlsecops.operators.access import AccessGateOperator
from airflow_mlsecops.operators.classify import ClassifyDatasetOperator, verified
from airflow_mlsecops.operators.isolation import IsolationCheckOperator

__all__ = ["AccessGateOperator", "ClassifyDatasetOperator", "IsolationCheckOperator", "verified"]
