"""A question of access and its answer, before and after the policy engine."""

from __future__ import annotations

from pydantic import AwareDatetime, NonNegativeInt

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level


class Evidence(Frozen):
    """What one record of this run says, as the policy engine is told it.

    :param outcome: ``pass``, ``fail`` or ``unknown``
    :param age_seconds: age of the record
    """

    outcome: str
    age_seconds: NonNegativeInt


class AccessRequest(Frozen):
    """May this application do this to that dataset?

    :param dag_id: the DAG that asks; with ``task_id`` and ``environment`` derived from Airflow, never declared
    :param kind: ``airflow-task``, or ``human`` where facts show a person at a keyboard
    :param action: ``read``, ``join``, ``train``, ``export`` or ``serve``
    :param level: the highest level found in the dataset by this run's scan
    :param entities: what this run's scan found in it
    :param scan: this run's record of the dataset's classification
    :param isolation: this run's record of its environment
    """

    dag_id: str
    task_id: str
    environment: str
    kind: str = "airflow-task"
    user: str = ""
    action: str
    purpose: str
    dataset: str
    dataset_environment: str
    level: Level
    entities: tuple[str, ...] = ()
    stage: str
    owner: str = ""
    allowed_purposes: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    now: AwareDatetime
    scan: Evidence
    isolation: Evidence
    max_scan_age_seconds: NonNegativeInt


class Reason(Frozen):
    """One Cedar policy that determined a decision: its ``@id`` and ``@reason``."""

    id: str
    reason: str


class AccessDecision(Frozen):
    """What the policy engine said; ``allowed`` only without any error.

    :param reasons: the policies that determined it; empty where no permit matched
    :param errors: value-free sentences; any of them denies
    """

    allowed: bool
    reasons: tuple[Reason, ...] = ()
    errors: tuple[str, ...] = ()
