"""Batches of rows in, what they hold out: vectorised, and the same answer for every split and order."""

from airflow_mlsecops.scan.classify import classify
from airflow_mlsecops.scan.hits import Hits
from airflow_mlsecops.scan.trace import Trace, trace

__all__ = ["Hits", "Trace", "classify", "trace"]
