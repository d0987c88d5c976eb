"""What a gate or a seal demands of the place where a run happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_mlsecops.aws import AwsDoor
    from airflow_mlsecops.core.aws import AwsFacts
    from airflow_mlsecops.core.environment import Environment
    from airflow_mlsecops.core.facts import Facts, NotObserved
    from airflow_mlsecops.core.finding import Finding
    from airflow_mlsecops.operators.attempt import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Demanded:
    """One question about a run's place.

    :param environment: name of the environment that it must be
    :param job: the job that the next task submits, as it will submit it
    :param also: ids of checks to require beside the policy's
    :param aws_conn_id: connection that the task itself uses; empty: the dataset's, or Airflow's default
    :param region: region that the task itself names; empty: its connection's
    :param of_the_task: true: only what is asked of the task's own process
    """

    environment: str
    job: Mapping[str, Any] | None = None
    also: tuple[str, ...] = ()
    aws_conn_id: str = ""
    region: str = ""
    of_the_task: bool = False


def observed(attempt: Attempt, demanded: Demanded) -> Facts:
    """Everything that the demanded checks want to know, as it was found."""
    from airflow_mlsecops.operators.surroundings import surroundings

    facts = surroundings(attempt, demanded)
    return facts.model_copy(update={"aws": _aws(attempt, facts, demanded)})


def judged(attempt: Attempt, demanded: Demanded, facts: Facts) -> tuple[Finding, ...]:
    """Ask the demanded checks; what the policy or a person waives is waived."""
    from airflow_mlsecops.checks import all_checks
    from airflow_mlsecops.core.judge_isolation import judge_isolation

    findings = judge_isolation(
        facts,
        environment=demanded.environment,
        policy=attempt.policy,
        checks=all_checks(),
        today=attempt.now.date(),
        also=demanded.also,
        of_the_task=demanded.of_the_task,
    )
    return attempt.waived(findings, demanded.environment)


def region(attempt: Attempt, demanded: Demanded) -> str:
    """The region in which the demanded job is submitted; empty if it goes to no region, or nobody knows."""
    from airflow_mlsecops.core.job import JobFacts
    from airflow_mlsecops.core.jobs import read

    job = read(demanded.job) if demanded.job else None
    if not isinstance(job, JobFacts) or not job.in_aws:
        return ""
    found = demanded.region or door(attempt, demanded).region
    return found if isinstance(found, str) else ""


def _aws(attempt: Attempt, facts: Facts, demanded: Demanded) -> AwsFacts | NotObserved | None:
    from airflow_mlsecops.core.facts import NotObserved

    profile = attempt.policy.environments.get(demanded.environment)
    if profile is None or not _in_aws(attempt, facts, profile):
        return None
    if profile.aws is None and not _asks(profile, demanded):
        return NotObserved(why="the policy says nothing of AWS for this environment")
    return _observed(attempt, facts, demanded)


def _in_aws(attempt: Attempt, facts: Facts, profile: Environment) -> bool:
    from airflow_mlsecops.core.job import JobFacts

    # A job that could not be read may be one of AWS'.
    job_there = facts.job is not None and not (isinstance(facts.job, JobFacts) and not facts.job.in_aws)
    return profile.aws is not None or attempt.dataset.store == "s3" or job_there


def _asks(profile: Environment, demanded: Demanded) -> bool:
    """True if some required check asks AWS."""
    from airflow_mlsecops.checks import all_checks
    from airflow_mlsecops.core.judge_isolation import chosen

    checks = all_checks()
    return any(checks[one].reads for one in chosen((*profile.requires, *demanded.also), checks)[0])


def door(attempt: Attempt, demanded: Demanded) -> AwsDoor:
    """The way to AWS that a demand leads by: the task's connection, and the auditor's where the policy names one."""
    from airflow_mlsecops.aws import DEFAULT_CONN_ID, AwsDoor
    from airflow_mlsecops.core.environment import Aws

    profile = attempt.policy.environments.get(demanded.environment)
    aws = profile.aws if profile and profile.aws else Aws()
    of_dataset = attempt.dataset.connection if attempt.dataset.store == "s3" else ""
    connection = demanded.aws_conn_id or of_dataset or DEFAULT_CONN_ID
    return AwsDoor(connection, auditor=aws.auditor, offline=aws.offline)


def _observed(attempt: Attempt, facts: Facts, demanded: Demanded) -> AwsFacts:
    from airflow_mlsecops.checks import all_checks
    from airflow_mlsecops.core.judge_isolation import wanted
    from airflow_mlsecops.observe.aws import observe

    return observe(
        door(attempt, demanded),
        lambda seen: wanted(
            facts.model_copy(update={"aws": seen}),
            environment=demanded.environment,
            policy=attempt.policy,
            checks=all_checks(),
            also=demanded.also,
            of_the_task=demanded.of_the_task,
        ),
    )
