"""The gate that asks where a run takes place."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_mlsecops.core.facts import DatabaseFacts, Facts, FileFacts, NotObserved, RuntimeFacts
from airflow_mlsecops.core.judge import apply_waivers
from airflow_mlsecops.core.judge_isolation import judge_isolation
from airflow_mlsecops.core.verdict import Gate, Verdict, in_order, outcome_of
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.operators.gate import GateOperator

if TYPE_CHECKING:
    from airflow.sdk import Asset


class IsolationCheckOperator(GateOperator):
    """Ask whether this run takes place in the environment it should, on data that only that environment can touch.

    ``environment`` is what is demanded, the MLSecOps connection's is what is claimed, facts are what is: all three must
    agree.

    :param dataset: a stable URI or an Asset, never templated
    :param environment: name of an environment that the policy describes
    :param job: the very job that the next task will submit (templated); its digest goes into the record
    :param checks: ids of further checks that must pass; the policy's own cannot be taken away
    """

    gate: ClassVar[Gate] = Gate.ISOLATION
    template_fields: Sequence[str] = ("partition", "job")

    def __init__(
        self,
        *,
        dataset: str | Asset,
        environment: str,
        job: Mapping[str, Any] | None = None,
        checks: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(dataset=dataset, **kwargs)
        self.environment = environment
        self.job = job
        self.checks = tuple(checks)

    def judge(self, attempt: Attempt) -> Verdict:
        """Observe, then ask every check."""
        from airflow_mlsecops.checks import all_checks

        findings = judge_isolation(
            self._observe(attempt),
            environment=self.environment,
            policy=attempt.policy,
            checks=all_checks(),
            today=attempt.now.date(),
            also=self.checks,
        )
        findings = apply_waivers(findings, identity=attempt.identity, policy=attempt.policy, today=attempt.now.date())
        return attempt.verdict(in_order(findings), outcome_of(findings), job=job_digest(self.job))

    def _observe(self, attempt: Attempt) -> Facts:
        from airflow_mlsecops.clients import connection_facts
        from airflow_mlsecops.observe import connections

        database = self._database(attempt)
        remote = not database.local if isinstance(database, DatabaseFacts) else self.target.remote
        return Facts(
            claimed=attempt.hook.settings.environment,
            runtime=observe_runtime(attempt.context),
            connections=connections.observe(connections.used(_tasks(attempt)), connection_facts),
            remote=remote,
            files=self._files(),
            database=database,
            job=bool(self.job),
        )

    def _files(self) -> FileFacts | NotObserved | None:
        from airflow_mlsecops.observe import files

        if self.target.scheme != "file":
            return None
        return files.observe(Path(self.target.path) / self.partition)

    def _database(self, attempt: Attempt) -> DatabaseFacts | NotObserved | None:
        from airflow_mlsecops.observe import database

        if self.target.scheme != "sql":
            return None
        return database.observe(attempt.hook.clients(attempt.context).database(self.target.connection))


def observe_runtime(context: Mapping[str, Any]) -> RuntimeFacts:
    """What can be seen of where this task runs."""
    from airflow.configuration import conf

    from airflow_mlsecops.observe import runtime

    user = getattr(context.get("dag_run"), "triggering_user_name", None)
    return runtime.observe(
        os.environ,
        executor=conf.get("core", "executor", fallback=None),
        queue=getattr(context["ti"].task, "queue", None),
        dag_test=user == "dag_test",
    )


def job_digest(job: object) -> str:
    """Digest of a job as it will be submitted, so that the seal notices another one; empty for none."""
    if not job:
        return ""
    return hashlib.sha256(json.dumps(job, sort_keys=True, default=str).encode()).hexdigest()


def _tasks(attempt: Attempt) -> Sequence[object]:
    return list(attempt.context["ti"].task.dag.tasks)
