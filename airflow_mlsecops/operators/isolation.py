"""The gate that asks where a run takes place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from airflow.sdk import XComArg

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.gate import GateOperator

if TYPE_CHECKING:
    from airflow.sdk import Asset, Context

    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.attempt import Attempt


class IsolationCheckOperator(GateOperator):
    """Ask whether this run takes place in the environment it should, on data that only that environment can touch.

    ``environment`` is what is demanded, the MLSecOps connection's is what is claimed, facts are what is: all three must
    agree.

    :param dataset: a stable URI or an Asset, never templated
    :param environment: name of an environment that the policy describes
    :param job: the very job that the next task will submit (templated); its digest goes into the record. It is no
        template field: Airflow would keep each value of its environment, and show it, once more than it does for the
        task that submits it
    :param checks: ids of further checks that must pass; the policy's own cannot be taken away
    :param aws_conn_id: connection that the next task uses; if not given, the dataset's, or ``aws_default``
    """

    gate: ClassVar[Gate] = Gate.ISOLATION

    def __init__(
        self,
        *,
        dataset: str | Asset,
        environment: str,
        job: Mapping[str, Any] | None = None,
        checks: Collection[str] = (),
        aws_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(dataset=dataset, **kwargs)
        self.environment = environment
        self.job = job
        self.checks = tuple(checks)
        self.aws_conn_id = aws_conn_id
        XComArg.apply_upstream_relationship(self, job)

    def judge(self, attempt: Attempt) -> Verdict:
        """Observe, then ask every check."""
        # Parsing a DAG file must not pay for all this.
        from airflow_mlsecops.checks._identity import identity
        from airflow_mlsecops.core.verdict import in_order, outcome_of
        from airflow_mlsecops.operators.demanded import Demanded, judged, observed, region
        from airflow_mlsecops.operators.surroundings import job_digest

        job = None if self.job is None else self.render_template(self.job, cast("Context", attempt.context))
        demanded = Demanded(environment=self.environment, job=job, also=self.checks, aws_conn_id=self.aws_conn_id or "")
        facts = observed(attempt, demanded)
        findings = judged(attempt, demanded, facts)
        digest = job_digest(job, attempt.hook.fingerprint_key, region=region(attempt, demanded))
        return attempt.verdict(
            in_order(findings),
            outcome_of(findings),
            asked=self.environment,
            identity=identity(facts),
            job=digest,
        )
