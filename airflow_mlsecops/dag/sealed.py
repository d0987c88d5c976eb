"""The seal: a task that runs only if this run's records prove the data it is about to use.

A gate that can be walked around is no gate: mark-success, a forged XCom, ``all_done``, ``one_done`` and a skipped gate
each let a plain downstream task run. A sealed task asks the ledger instead, on its own worker, before it executes.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from airflow.sdk import BaseOperator

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.gate import uri_of
from airflow_mlsecops.operators.requires import newest_records, required

if TYPE_CHECKING:
    from airflow.sdk import Asset

    from airflow_mlsecops.core.fingerprint import Fingerprint
    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.attempt import Attempt

Task = TypeVar("Task")


def sealed(
    task: Task,
    *,
    dataset: str | Asset,
    requires: Sequence[BaseOperator],
    partition: str = "",
    job: Mapping[str, Any] | None = None,
) -> Task:
    """Seal a task: before it executes, its worker asks the ledger whether the data it uses has passed in this run.

    :param task: an operator, or what a ``@task`` function returns when called in a DAG
    :param dataset: what the task uses; a stable URI or an Asset, never templated
    :param requires: the gates that must have passed; at least one must classify the dataset
    :param partition: what of the dataset the task uses (templated)
    :param job: the job that the task submits, if it is not its ``config`` (templated); compared with what the isolation
        gate judged
    :returns: the same task
    :raises ValueError: if ``requires`` is empty, names what is no gate, or the task cannot be sealed
    """
    operator = task if isinstance(task, BaseOperator) else getattr(task, "operator", task)
    if not isinstance(operator, BaseOperator):
        raise ValueError(f"sealed() takes an operator or a called @task, got {type(task).__name__}")
    _check_executed(operator)
    seal = Seal(operator, uri_of(dataset), partition, requires, job)
    parse(seal.dataset)
    # Airflow has no public way to add a hook to an operator that exists; tests/dag/test_seal_hook.py holds it to this.
    seal.then = operator._pre_execute_hook
    operator._pre_execute_hook = seal
    return task


def _check_executed(operator: BaseOperator) -> None:
    """Refuse tasks that Airflow ends, or begins, without a worker of Python that would ask the ledger."""
    if operator.start_from_trigger:
        raise ValueError(
            f"{operator.task_id} starts from its trigger, where no worker asks the ledger before it: leave out "
            "start_from_trigger"
        )
    if operator.inherits_from_empty_operator:
        raise ValueError(
            f"{operator.task_id} is an empty task, which the scheduler calls a success without executing it: no worker "
            "would ask the ledger; seal the task that uses the data"
        )
    if getattr(operator, "is_stub", False):
        raise ValueError(
            f"{operator.task_id} is a stub for a task in another language, whose worker asks no ledger: seal a task of "
            "Python"
        )


class Seal:
    """What Airflow calls before the sealed task executes."""

    def __init__(
        self,
        operator: BaseOperator,
        dataset: str,
        partition: str,
        requires: Sequence[BaseOperator],
        job: Mapping[str, Any] | None,
    ) -> None:
        self.dataset = dataset
        self.partition = partition
        self.requires = required(requires, operator.task_id)
        self.job = job
        self.then: Any = None

    def __call__(self, context: Any) -> None:
        """Judge the seal, record it, and raise unless it holds."""
        from airflow_mlsecops.operators.attempt import Attempt  # parsing a DAG file must not pay for it

        task = context["ti"].task
        partition = task.render_template(self.partition, context)
        attempt = Attempt(
            context,
            gate=Gate.SEAL,
            dataset=parse(self.dataset),
            partition=partition,
            log=logging.getLogger("airflow.task"),
        )
        attempt.conclude(lambda: self._judge(attempt, task))
        if self.then is not None:
            self.then(context)

    def _judge(self, attempt: Attempt, task: Any) -> Verdict:
        from airflow_mlsecops.core.judge_seal import Sealed, judge_seal
        from airflow_mlsecops.core.verdict import in_order, outcome_of
        from airflow_mlsecops.operators.surroundings import job_digest

        given = task.render_template(self.job, attempt.context) if self.job is not None else None
        job = job_digest(given if given is not None else getattr(task, "config", None), attempt.hook.fingerprint_key)
        now_there = self._fingerprint(attempt)
        sealed_now = Sealed(
            identity=attempt.identity,
            partition=attempt.partition,
            environment=attempt.hook.settings.environment,
            fingerprint=now_there,
            job=job,
        )
        records = newest_records(attempt, self.requires)
        findings = judge_seal(sealed_now, records, policy=attempt.policy, now=attempt.now)
        return attempt.verdict(
            in_order(findings),
            outcome_of(findings),
            job=job,
            fingerprint=now_there.root,
            parts=now_there.count,
        )

    def _fingerprint(self, attempt: Attempt) -> Fingerprint:
        from airflow_mlsecops.sources import open_source

        source = open_source(attempt.dataset, attempt.partition, attempt.hook.clients(attempt.context))
        return source.fingerprint(attempt.hook.fingerprint_key)
