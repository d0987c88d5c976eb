"""Expectations that any Great Expectations user can put into any suite, and whose results hold no value in any format.

Importing this registers them, so that a suite that names them can be loaded.
"""

from airflow_mlsecops.expectations._looking import looking_for
from airflow_mlsecops.expectations.free import (
    ExpectColumnValuesToBeFreeOfSensitiveData,
    ExpectTableToBeFreeOfSensitiveData,
)
from airflow_mlsecops.expectations.k_anonymity import ExpectKAnonymityToBeAtLeast
from airflow_mlsecops.expectations.pseudonymised import ExpectColumnValuesToBePseudonymised
from airflow_mlsecops.expectations.results import Held, Outcome, strip_values, value_free
from airflow_mlsecops.expectations.running import counts_only
from airflow_mlsecops.expectations.sensitivity import ExpectNoNewSensitiveColumns, ExpectTableSensitivityToBeAtMost
from airflow_mlsecops.expectations.suite import suite_for

__all__ = [
    "ExpectColumnValuesToBeFreeOfSensitiveData",
    "ExpectColumnValuesToBePseudonymised",
    "ExpectKAnonymityToBeAtLeast",
    "ExpectNoNewSensitiveColumns",
    "ExpectTableSensitivityToBeAtMost",
    "ExpectTableToBeFreeOfSensitiveData",
    "Held",
    "Outcome",
    "counts_only",
    "looking_for",
    "strip_values",
    "suite_for",
    "value_free",
]
