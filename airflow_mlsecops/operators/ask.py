"""One question of access: this run's evidence from the ledger, the policy's answer, and who can read in fact."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from airflow_mlsecops.core.access import AccessRequest
from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.gate import OF_DATA, SCANS, Gate
from airflow_mlsecops.core.judge_access import judge_access, missing_evidence
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.request import request_of
from airflow_mlsecops.core.verdict import Verdict, in_order, outcome_of
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.operators.readers import readers
from airflow_mlsecops.operators.requires import Required, newest_records
from airflow_mlsecops.operators.surroundings import observe_runtime


class Ask:
    """One question of access.

    :param requires: the gates whose records of this run count
    """

    def __init__(self, attempt: Attempt, requires: Sequence[Required]) -> None:
        self.attempt = attempt
        self.requires = requires

    def verdict(self, action: str, purpose: str, principal: str) -> Verdict:
        """Rule and reality, or UNKNOWN where a record that they rely on is missing."""
        attempt = self.attempt
        findings = self._missing() or self._decide(action, purpose, principal)
        asked = f"{action} for {purpose}"
        findings = attempt.waived(findings, asked)
        return attempt.verdict(in_order(findings), outcome_of(findings), asked=asked)

    @cached_property
    def _records(self) -> dict[str, Record | None]:
        return newest_records(self.attempt, self.requires)

    @cached_property
    def _there(self) -> list[Record]:
        return [record for record in self._records.values() if record]

    def _missing(self) -> tuple[Finding, ...]:
        absent = [need for need in self.requires if self._records[need.task_id] is None]
        if absent:
            return tuple(missing_evidence(need.task_id, need.gate) for need in absent)
        kinds = {record.verdict.gate for record in self._there if self._speaks_of_this(record)}
        kinds |= {Gate.CLASSIFY} if kinds & SCANS else set()
        about = f"{self.attempt.dataset.uri} {self.attempt.partition}".strip()
        return tuple(
            missing_evidence(f"a {gate.value} gate of {about}", gate.value)
            for gate in (Gate.CLASSIFY, Gate.ISOLATION)
            if gate not in kinds
        )

    def _speaks_of_this(self, record: Record) -> bool:
        verdict = record.verdict
        if verdict.policy != self.attempt.policy.digest or verdict.dataset != self.attempt.identity:
            return False
        # A worker that claims another environment proves nothing of this one.
        if record.environment != self.attempt.hook.settings.environment:
            return False
        return verdict.gate not in OF_DATA or verdict.partition == self.attempt.partition

    def _decide(self, action: str, purpose: str, principal: str) -> tuple[Finding, ...]:
        request = self._request(action, purpose)
        decision = self.attempt.hook.policy.access.decide(request)
        rule = judge_access(request, decision, expected_principal=principal)
        return (*rule, *readers(self.attempt, request.level))

    def _request(self, action: str, purpose: str) -> AccessRequest:
        attempt = self.attempt
        runtime = observe_runtime(attempt.context)
        return request_of(
            action,
            purpose,
            dataset=attempt.identity,
            run=attempt.run,
            environment=attempt.hook.settings.environment,
            # Hints that nobody could look for are no proof of a machine.
            kind="airflow-task" if runtime.hints == () else "human",
            user=runtime.user if isinstance(runtime.user, str) else "",
            dag_owner=getattr(getattr(attempt.context.get("ti"), "task", None), "owner", None) or "",
            records=self._there,
            about=[record for record in self._there if self._speaks_of_this(record)],
            policy=attempt.policy,
            entities=attempt.hook.policy.entities,
            codes=attempt.hook.policy.access.codes,
            now=attempt.now,
        )
