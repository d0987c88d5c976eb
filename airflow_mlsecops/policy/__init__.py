"""The policy folder: read with every mistake named at its line, tested by its own cases, deciding access with Cedar."""

from airflow_mlsecops.policy.accept import accept_patch
from airflow_mlsecops.policy.cases import Case, CaseResult, run_cases
from airflow_mlsecops.policy.cedar import AccessRules
from airflow_mlsecops.policy.folder import PolicyFolder, default_folder, load

__all__ = [
    "AccessRules",
    "Case",
    "CaseResult",
    "PolicyFolder",
    "accept_patch",
    "default_folder",
    "load",
    "run_cases",
]
