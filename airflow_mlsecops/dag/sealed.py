"""The seal: a task that runs only if this run's records prove the data it is about to use.

A gate that can be walked around is no gate: mark-success, a forged XCom, ``all_done``, ``one_done`` and a skipped gate
each let a plain downstream task run. A sealed task asks the ledger instead, on its own worker, before it executes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from airflow.sdk import BaseOperator

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.gate import uri_of
from airflow_mlsecops.operators.requires import newest_records, required

if TYPE_CHECKING:
    from airflow.sdk import Asset

    from airflow_mlsecops.core.finding import Finding
    from airflow_mlsecops.core.judge_seal import Sealed
    from airflow_mlsecops.core.record import Record
    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.attempt import Attempt

Task = TypeVar("Task")
# Of one task in one run: one for each try, and one for each dataset that it is sealed on.
_MOST_SEALS = 100


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
    :param job: the job that the task submits (templated), where ``job_of`` cannot read it from the task itself, which
        goes before what is said here; compared with what the isolation gate judged
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
    operator._post_execute_hook = Unchanged(seal, then=operator._post_execute_hook)
    return task


def _check_executed(operator: BaseOperator) -> None:
    """Refuse tasks that no worker of Python executes as the ledger is asked about them."""
    from airflow_mlsecops.operators.submits import submits

    if submits(operator) and getattr(operator.pre_execute, "__func__", None) is not BaseOperator.pre_execute:
        raise ValueError(
            f"{operator.task_id} has a pre_execute of its own, which runs after the seal and may change the job: do "
            "that in a task before it, or in pre_execute= of the operator, after which the job is looked at again"
        )
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
        self._conclude(context)
        if self.then is not None:
            before = self._digest(context)
            self.then(context)
            if self._digest(context) != before:  # a hook of the author's made another job of it
                self._conclude(context)

    def _conclude(self, context: Any) -> None:
        attempt = self.attempt(context)
        attempt.conclude(lambda: self._judge(attempt, context["ti"].task))

    def _digest(self, context: Any) -> str:
        from airflow_mlsecops.operators.surroundings import job_digest

        attempt, task = self.attempt(context), context["ti"].task
        return job_digest([self._job(attempt, task), _way(task)], attempt.hook.fingerprint_key)

    def attempt(self, context: Any) -> Attempt:
        """One try of this seal."""
        from airflow_mlsecops.operators.attempt import Attempt  # parsing a DAG file must not pay for it

        return Attempt(
            context,
            gate=Gate.SEAL,
            dataset=parse(self.dataset),
            partition=context["ti"].task.render_template(self.partition, context),
            log=logging.getLogger("airflow.task"),
        )

    def _judge(self, attempt: Attempt, task: Any) -> Verdict:
        from airflow_mlsecops.core.jobs import read
        from airflow_mlsecops.core.judge_inputs import judge_inputs
        from airflow_mlsecops.core.judge_seal import judge_seal
        from airflow_mlsecops.core.verdict import in_order, outcome_of
        from airflow_mlsecops.operators.submits import submits
        from airflow_mlsecops.operators.surroundings import job_digest

        submitted = self._job(attempt, task)
        job = job_digest(submitted, attempt.hook.fingerprint_key, region=self._region(attempt, task, submitted))
        now_there = self.sealed_now(attempt, job)
        records = newest_records(attempt, self.requires)
        held = self.held(attempt)  # a proof need not stay young while the task that began under it waits
        findings = (
            *judge_seal(now_there, records, policy=attempt.policy, now=held[-1].time if held else attempt.now),
            *judge_inputs(read(submitted) if submitted else None, self._places(attempt, task), required=submits(task)),
            *self._where_it_runs(attempt, task, records),
        )
        return attempt.verdict(
            in_order(findings),
            outcome_of(findings),
            job=job,
            fingerprint=now_there.fingerprint.root,
            parts=now_there.fingerprint.count,
        )

    def _job(self, attempt: Attempt, task: Any) -> Mapping[str, Any] | None:
        from airflow_mlsecops.operators.submits import job_of

        said = job_of(task)
        if said is None and self.job is not None:
            rendered: Mapping[str, Any] = task.render_template(self.job, attempt.context)
            return rendered
        return said

    def _region(self, attempt: Attempt, task: Any, job: Mapping[str, Any] | None) -> str:
        """Where the task submits its job; asked only where an isolation gate was told it too."""
        from airflow_mlsecops.operators.demanded import Demanded, region

        if all(need.gate != Gate.ISOLATION.value for need in self.requires):
            return ""
        connection, own = _way(task)
        environment = attempt.hook.settings.environment
        return region(attempt, Demanded(environment=environment, job=job, aws_conn_id=connection, region=own))

    def _places(self, attempt: Attempt, task: Any) -> tuple[str, ...]:
        """Where all datasets lie that the task is sealed on, each by a seal of its own."""
        seal, places = task._pre_execute_hook, []
        while isinstance(seal, Seal):
            places.append(seal.place(attempt, task))
            seal = seal.then
        return tuple(places)

    def place(self, attempt: Attempt, task: Any) -> str:
        """Where the sealed part of the dataset lies."""
        from airflow_mlsecops.sources import identity_of

        identity = identity_of(parse(self.dataset), attempt.hook.clients(attempt.context))
        partition = str(task.render_template(self.partition, attempt.context))
        return f"{identity.rstrip('/')}/{partition}" if partition else identity

    def _where_it_runs(self, attempt: Attempt, task: Any, records: Mapping[str, Record | None]) -> Iterator[Finding]:
        """Ask the task's own process what an isolation gate, on another worker perhaps, was told of itself."""
        from airflow_mlsecops.core.judge import apply_waivers
        from airflow_mlsecops.core.judge_seal import without_connection
        from airflow_mlsecops.operators.demanded import Demanded, judged

        asked: dict[str, set[str]] = {}
        for need in self.requires:
            record = records[need.task_id]
            if record and record.verdict.gate is Gate.ISOLATION:
                asked.setdefault(record.verdict.asked, set()).update(need.also)
        for environment, also in sorted(asked.items()):
            connection, region = _way(task)
            demanded = Demanded(
                environment=environment,
                also=tuple(sorted(also)),
                aws_conn_id=connection,
                region=region,
                of_the_task=True,
            )
            profile = attempt.policy.environments.get(environment)
            if profile and profile.aws and not getattr(task, "aws_conn_id", "unused"):
                yield without_connection(task.task_id)
            yield from apply_waivers(
                judged(attempt, demanded),
                identity=attempt.identity,
                policy=attempt.policy,
                today=attempt.now.date(),
            )

    def held(self, attempt: Attempt) -> list[Record]:
        """Records by which this seal let this try of the task begin, and resume where it was deferred; newest first."""
        run = attempt.run
        entries = attempt.ledger.history(
            dag_id=run.dag_id, run_id=run.run_id, task_id=run.task_id, map_index=run.map_index,
            gate=Gate.SEAL, dataset=attempt.identity, limit=_MOST_SEALS,
        )  # fmt: skip
        return [
            entry.record
            for entry in entries
            if entry.record.run.try_number == run.try_number
            and entry.record.verdict.partition == attempt.partition
            and not entry.record.verdict.stops
        ]

    def sealed_now(self, attempt: Attempt, job: str = "") -> Sealed:
        """The dataset as it stands now."""
        from airflow_mlsecops.core.judge_seal import Sealed
        from airflow_mlsecops.sources import open_source

        source = open_source(attempt.dataset, attempt.partition, attempt.hook.clients(attempt.context))
        return Sealed(
            identity=attempt.identity,
            partition=attempt.partition,
            environment=attempt.hook.settings.environment,
            fingerprint=source.fingerprint(attempt.hook.fingerprint_key),
            job=job,
        )


def _way(task: Any) -> tuple[str, str]:
    """The connection to AWS and the region that a task names, if it does."""
    connection, region = getattr(task, "aws_conn_id", ""), getattr(task, "region_name", "")
    return connection if isinstance(connection, str) else "", region if isinstance(region, str) else ""


class Unchanged:
    """What Airflow calls after the sealed task executed: the data must still be what was sealed."""

    def __init__(self, seal: Seal, then: Any) -> None:
        self.seal = seal
        self.then = then

    def __call__(self, context: Any, result: Any = None) -> None:
        """Take the fingerprint again, record it, and raise if it is another."""
        attempt = self.seal.attempt(context)
        attempt.conclude(lambda: self._judge(attempt))
        if self.then is not None:
            self.then(context, result)

    def _judge(self, attempt: Attempt) -> Verdict:
        from airflow_mlsecops.core.judge_seal import judge_after
        from airflow_mlsecops.core.verdict import outcome_of

        now_there = self.seal.sealed_now(attempt)
        held = self.seal.held(attempt)
        findings = (judge_after(now_there, held[0] if held else None),)
        return attempt.verdict(
            findings,
            outcome_of(findings),
            fingerprint=now_there.fingerprint.root,
            parts=now_there.fingerprint.count,
        )
