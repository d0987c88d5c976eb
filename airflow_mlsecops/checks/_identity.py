"""Whom the system that holds the data says that the task is."""

from __future__ import annotations

from airflow_mlsecops.checks._people import role_in
from airflow_mlsecops.checks._sts import TASK
from airflow_mlsecops.core.aws import AwsFacts
from airflow_mlsecops.core.facts import DatabaseFacts, Facts
from airflow_mlsecops.core.unseen import Unseen


def identity(facts: Facts) -> str:
    """The user of the dataset's database or, of what is in none, the principal of AWS; empty where nobody was told.

    A session of a role is told as its role, for a session's name is chosen by whoever opens it:
    ``arn:aws:iam::222222222222:role/ml-train-prod``. A role's path is left out, which AWS does not tell of sessions
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
    """
    there = facts.database
    if there is not None and not (isinstance(there, DatabaseFacts) and there.local):
        return there.user if isinstance(there, DatabaseFacts) and isinstance(there.user, str) else ""
    if not isinstance(facts.aws, AwsFacts):
        return ""
    try:
        return _principal(facts.aws.need(TASK).arn)
    except Unseen:
        return ""


def _principal(arn: str) -> str:
    steps = arn.split(":", 5)
    if len(steps) != 6 or not steps[5].startswith("assumed-role/"):
        return arn
    return f"arn:{steps[1]}:iam::{steps[4]}:role/{role_in(arn)}"
