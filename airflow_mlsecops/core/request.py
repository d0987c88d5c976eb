"""What the access rules are asked, put together from the records of a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from airflow_mlsecops.core.access import AccessRequest, Evidence
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.gate import SCANS, Gate
from airflow_mlsecops.core.judge import highest_level
from airflow_mlsecops.core.person import same_person
from airflow_mlsecops.core.policy import Policy, Waiver, matches
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
    dag_owner: str = "",
    records: Sequence[Record],
    about: Sequence[Record],
    policy: Policy,
    entities: Mapping[str, Entity],
    codes: Collection[str],
    now: datetime,
) -> AccessRequest:
    """The request that a question comes to.

    :param action: ``train``, ``read``…, with the ``purpose`` that it is for
    :param records: of the run, which say how its gates ended; at least one scan and one isolation
    :param about: those of them that speak of this very dataset, whose scans say what is in it
    :param codes: what the access rules' own findings are called
    """
    rule, _ = policy.rule_for(dataset)
    sightings = [sighting for one in about if one.verdict.gate in SCANS for sighting in one.verdict.sightings]
    waivers = counting_waivers(
        policy, dataset, principal=f"{run.dag_id}.{run.task_id}", codes=codes, today=now.date(), applied=_applied(about)
    )
    return AccessRequest(
        dag_id=run.dag_id,
        task_id=run.task_id,
        environment=environment,
        kind=kind,
        user=user,
        role=_role(about),
        dag_owner=dag_owner,
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
        waivers=tuple(waiver.id for waiver in waivers),
        approvals=tuple(sorted({waiver.approved_by for waiver in waivers})),
        now=now,
        scan=_evidence([one for one in records if one.verdict.gate is not Gate.ISOLATION], now),
        isolation=_evidence([one for one in records if one.verdict.gate is Gate.ISOLATION], now),
        max_scan_age_seconds=policy.tier(rule.tier).max_scan_age_hours * 3600,
    )


def counting_waivers(
    policy: Policy, dataset: str, *, principal: str, codes: Collection[str], today: date, applied: Collection[str] = ()
) -> list[Waiver]:
    """The waivers of the policy that the access rules are told of.

    They are in force that day, for this dataset. What was waived for another application says nothing of this one, and
    what is waived up to a share of the rows counts where a record of this run shows that it was no more.

    :param principal: who asks, as ``dag_id.task_id``
    :param codes: what the access rules' own findings are called: their subject is an application
    :param applied: ids of the waivers that this run's records name
    """
    return [
        waiver
        for waiver in policy.waivers
        if matches(waiver.dataset, dataset)
        and today <= waiver.until
        and not same_person(waiver.approved_by, waiver.requested_by)
        and (waiver.code not in codes or waiver.subject == principal)
        and (waiver.max_share is None or waiver.id in applied)
    ]


def _applied(records: Sequence[Record]) -> set[str]:
    return {finding.waiver.id for record in records for finding in record.verdict.findings if finding.waiver}


def _role(records: Sequence[Record]) -> str:
    """The one name that the checks of the environment were told; where they were told several, nobody knows which."""
    told = {record.verdict.identity for record in records if record.verdict.gate is Gate.ISOLATION}
    return told.pop() if len(told) == 1 else ""


def _evidence(records: Sequence[Record], now: datetime) -> Evidence:
    """The worst outcome and the highest age of several records."""
    outcomes = {record.verdict.outcome for record in records}
    worst = next((outcome for outcome in (Outcome.FAIL, Outcome.UNKNOWN) if outcome in outcomes), Outcome.PASS)
    oldest = min(record.time for record in records)
    return Evidence(outcome=worst.value, age_seconds=max(0, int((now - oldest).total_seconds())))
