"""Batches of rows in, what they hold out: vectorised, and the same answer for every split and order."""

from airflow_mlsecops.scan.classify import classify, examine
from airflow_mlsecops.scan.hits import Hits
from airflow_mlsecops.scan.spans import Occurrence, occurrences
from airflow_mlsecops.scan.trace import Trace, trace

__all__ = ["Hits", "Occurrence", "Trace", "classify", "examine", "occurrences", "trace"]
