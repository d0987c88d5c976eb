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
    :param role: whom the dataset's database, or AWS, told this run's check of its environment that the task is; empty
        where it was not told
    :param dag_owner: the task's owner, as its author wrote it in the DAG
    :param action: ``read``, ``join``, ``train``, ``export`` or ``serve``
    :param level: the highest level found in the dataset by this run's scan
    :param entities: what this run's scan found in it
    :param waivers: ids of the policy's waivers that count for this question
    :param approvals: who approved them
    :param scan: this run's record of the dataset's classification
    :param isolation: this run's record of its environment
    """

    dag_id: str
    task_id: str
    environment: str
    kind: str = "airflow-task"
    user: str = ""
    role: str = ""
    dag_owner: str = ""
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
    waivers: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()
    now: AwareDatetime
    scan: Evidence
    isolation: Evidence
    max_scan_age_seconds: NonNegativeInt


class Reason(Frozen):
    """One Cedar policy that determined a decision: its ``@id`` and ``@reason``."""

    id: str
    reason: str


class UnmetPermit(Frozen):
    """A permit for the action that did not match.

    :param line: where it begins in ``access.cedar``
    :param needs: each part of it that does not hold, in its own words; empty where none fails by itself
    """

    id: str
    line: NonNegativeInt
    needs: tuple[str, ...] = ()


class AccessDecision(Frozen):
    """What the policy engine said; ``allowed`` only without any error.

    :param reasons: the policies that determined it; empty where no permit matched
    :param permits: where none did: the permits for that action, the first ones of many
    :param more_permits: how many more there are
    :param errors: value-free sentences; any of them denies
    """

    allowed: bool
    reasons: tuple[Reason, ...] = ()
    permits: tuple[UnmetPermit, ...] = ()
    more_permits: NonNegativeInt = 0
    errors: tuple[str, ...] = ()
