"""The gate that asks who may use a dataset, and for what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_mlsecops.core.access import AccessRequest, Evidence
from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.judge import apply_waivers, highest_level
from airflow_mlsecops.core.judge_access import judge_access, missing_evidence
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict, in_order, outcome_of
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.operators.gate import GateOperator
from airflow_mlsecops.operators.isolation import observe_runtime
from airflow_mlsecops.operators.requires import Required, newest_records, required

if TYPE_CHECKING:
    from airflow.sdk import Asset, BaseOperator

    from airflow_mlsecops.core.record import Record

ACTIONS = ("read", "join", "train", "export", "serve")


class AccessGateOperator(GateOperator):
    """Ask whether this application may use a dataset for this purpose, given what this run has proven of it.

    Who asks is derived from Airflow, and what is known of the data comes from this run's records: nothing is declared.

    :param dataset: a stable URI or an Asset, never templated
    :param partition: what this run looks at within it (templated)
    :param action: ``read``, ``join``, ``train``, ``export`` or ``serve``
    :param purpose: what it is used for, one of the purposes that the policy gives the dataset (templated)
    :param requires: the gates upstream whose records of this run count: one that classifies the dataset, one that
        checks isolation
    :param principal: whom you expect to ask, as ``dag_id`` or ``dag_id.task_id`` (templated); another one is FAIL
    """

    gate: ClassVar[Gate] = Gate.ACCESS
    template_fields: Sequence[str] = ("partition", "purpose", "principal")

    def __init__(
        self,
        *,
        dataset: str | Asset,
        action: str,
        purpose: str,
        requires: Sequence[BaseOperator],
        principal: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(dataset=dataset, **kwargs)
        if action not in ACTIONS:
            raise ValueError(f"action {action!r} of {self.task_id} is none of {', '.join(ACTIONS)}")
        self.action = action
        self.purpose = purpose
        self.principal = principal
        self.requires = required(requires, self.task_id)

    def judge(self, attempt: Attempt) -> Verdict:
        """Gather this run's evidence, then ask the policy."""
        records = newest_records(attempt, self.requires)
        findings = self._missing(attempt, records) or self._ask(attempt, records)
        findings = apply_waivers(findings, identity=attempt.identity, policy=attempt.policy, today=attempt.now.date())
        return attempt.verdict(in_order(findings), outcome_of(findings))

    def _missing(self, attempt: Attempt, records: dict[str, Record | None]) -> tuple[Finding, ...]:
        absent = [missing_evidence(need.task_id, need.gate) for need in self.requires if records[need.task_id] is None]
        kinds = {record.verdict.gate for record in records.values() if record and self._counts(record, attempt)}
        lacking = [gate for gate in (Gate.CLASSIFY, Gate.ISOLATION) if gate not in kinds]
        if absent:
            return tuple(absent)
        return tuple(
            missing_evidence(f"a {gate.value} gate of {self.dataset} {self.partition}".strip(), gate.value)
            for gate in lacking
        )

    def _counts(self, record: Record, attempt: Attempt) -> bool:
        if record.verdict.policy != attempt.policy.digest or record.verdict.dataset != attempt.identity:
            return False
        return record.verdict.gate is not Gate.CLASSIFY or record.verdict.partition == self.partition

    def _ask(self, attempt: Attempt, records: dict[str, Record | None]) -> tuple[Finding, ...]:
        from airflow_mlsecops.detectors import entities

        there = [record for record in records.values() if record]
        policy = attempt.policy
        rule, _ = policy.rule_for(attempt.identity)
        scan = [r for r in there if r.verdict.gate is Gate.CLASSIFY and self._counts(r, attempt)]
        sightings = [sighting for record in scan for sighting in record.verdict.sightings]
        runtime = observe_runtime(attempt.context)
        environment = attempt.hook.settings.environment
        request = AccessRequest(
            dag_id=attempt.run.dag_id,
            task_id=attempt.run.task_id,
            environment=environment,
            kind="human" if runtime.hints else "airflow-task",
            user=str(runtime.user) if isinstance(runtime.user, str) else "",
            action=self.action,
            purpose=self.purpose,
            dataset=attempt.identity,
            dataset_environment=rule.environment or environment,
            level=highest_level(sightings, policy, entities()),
            entities=tuple(sorted({sighting.entity for sighting in sightings})),
            stage=rule.stage,
            owner=rule.owner,
            allowed_purposes=rule.purposes,
            applications=rule.applications,
            now=attempt.now,
            scan=_evidence([r for r in there if r.verdict.gate is not Gate.ISOLATION], attempt.now),
            isolation=_evidence([r for r in there if r.verdict.gate is Gate.ISOLATION], attempt.now),
            max_scan_age_seconds=policy.tier(rule.tier).max_scan_age_hours * 3600,
        )
        decision = attempt.hook.policy.access.decide(request)
        return judge_access(request, decision, expected_principal=self.principal)


def _evidence(records: Sequence[Record], now: datetime) -> Evidence:
    """The worst outcome and the highest age of several records."""
    outcomes = {record.verdict.outcome for record in records}
    worst = next((o for o in (Outcome.FAIL, Outcome.UNKNOWN) if o in outcomes), Outcome.PASS)
    oldest = min(record.time for record in records)
    return Evidence(outcome=worst.value, age_seconds=max(0, int((now - oldest).total_seconds())))


__all__ = ["AccessGateOperator", "Required"]
