"""The seal itself: what a sealed task asks on its own worker before it executes."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.requires import newest_records, required

if TYPE_CHECKING:
    from airflow_mlsecops.core.finding import Finding
    from airflow_mlsecops.core.job import JobFacts
    from airflow_mlsecops.core.judge_seal import Sealed
    from airflow_mlsecops.core.record import Record
    from airflow_mlsecops.core.unseen import NotObserved
    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.attempt import Attempt

# Of one task in one run: one for each try, and one for each dataset that it is sealed on.
_MOST_SEALS = 100


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
            *judge_inputs(_read(submitted, task), self._places(attempt, task), required=submits(task)),
            *self._where_it_runs(attempt, task, records),
        )
        return attempt.verdict(
            in_order(findings),
            outcome_of(findings),
            job=job,
            fingerprint=now_there.fingerprint.root,
            parts=now_there.fingerprint.count,
            makes=self.makes(attempt, task),
        )

    def makes(self, attempt: Attempt, task: Any) -> tuple[str, ...]:
        """What the task makes, as far as Airflow or its job says so."""
        from airflow_mlsecops.operators.makes import makes_of

        return makes_of(task, self._job(attempt, task))

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
        from airflow_mlsecops.core.judge_seal import without_connection
        from airflow_mlsecops.operators.demanded import Demanded, judged, observed

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
            yield from judged(attempt, demanded, observed(attempt, demanded))

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


def _read(submitted: Mapping[str, Any] | None, task: Any) -> JobFacts | NotObserved | None:
    """The job of a task; not observed where it submits one that is not there yet."""
    from airflow_mlsecops.core.jobs import read
    from airflow_mlsecops.core.unseen import NotObserved
    from airflow_mlsecops.operators.submits import submits

    if submitted:
        return read(submitted)
    return NotObserved(why="the task holds no job before it executes") if submits(task) else None


def _way(task: Any) -> tuple[str, str]:
    """The connection to AWS and the region that a task names, if it does."""
    connection, region = getattr(task, "aws_conn_id", ""), getattr(task, "region_name", "")
    return connection if isinstance(connection, str) else "", region if isinstance(region, str) else ""
