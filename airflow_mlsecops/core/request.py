"""What the access rules are asked, put together from the records of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from airflow_mlsecops.core.access import AccessRequest, Evidence
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.gate import SCANS, Gate
from airflow_mlsecops.core.judge import highest_level
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.record import Record, Run
from airflow_mlsecops.core.verdict import Outcome


def request_of(
    action: str,
    purpose: str,
    *,
    dataset: str,
    run: Run,
    environment: str,
    kind: str,
    user: str = "",
    records: Sequence[Record],
    about: Sequence[Record],
    policy: Policy,
    entities: Mapping[str, Entity],
    now: datetime,
) -> AccessRequest:
    """The request that a question comes to.

    :param action: ``train``, ``read``…, with the ``purpose`` that it is for
    :param records: of the run, which say how its gates ended; at least one scan and one isolation
    :param about: those of them that speak of this very dataset, whose scans say what is in it
    """
    rule, _ = policy.rule_for(dataset)
    sightings = [sighting for one in about if one.verdict.gate in SCANS for sighting in one.verdict.sightings]
    return AccessRequest(
        dag_id=run.dag_id,
        task_id=run.task_id,
        environment=environment,
        kind=kind,
        user=user,
        action=action,
        purpose=purpose,
        dataset=dataset,
        dataset_environment=rule.environment or environment,
        level=highest_level(sightings, policy, entities),
        entities=tuple(sorted({sighting.entity for sighting in sightings})),
        stage=rule.stage,
        owner=rule.owner,
        allowed_purposes=rule.purposes,
        applications=rule.applications,
        now=now,
        scan=_evidence([one for one in records if one.verdict.gate is not Gate.ISOLATION], now),
        isolation=_evidence([one for one in records if one.verdict.gate is Gate.ISOLATION], now),
        max_scan_age_seconds=policy.tier(rule.tier).max_scan_age_hours * 3600,
    )


def _evidence(records: Sequence[Record], now: datetime) -> Evidence:
    """The worst outcome and the highest age of several records."""
    outcomes = {record.verdict.outcome for record in records}
    worst = next((outcome for outcome in (Outcome.FAIL, Outcome.UNKNOWN) if outcome in outcomes), Outcome.PASS)
    oldest = min(record.time for record in records)
    return Evidence(outcome=worst.value, age_seconds=max(0, int((now - oldest).total_seconds())))
