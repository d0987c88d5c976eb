"""Which resources of AWS the checks concern: what the dataset, the job and the policy name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from airflow_mlsecops.checks._answer import not_applicable
from airflow_mlsecops.checks._aws import profile
from airflow_mlsecops.core.check import Answer, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.unseen import NotObserved, Unseen

_BUCKET = re.compile(r"s3[an]?://([^/]+)")
ROLE_NAME = re.compile(r"arn:[a-z-]+:iam::\d{12}:role/(?:.*/)?([^/]+)")


def the_job(facts: Facts) -> JobFacts | None:
    """The job that the next task submits.

    :raises Unseen: if it could not be read
    """
    if isinstance(facts.job, NotObserved):
        raise Unseen("the job", facts.job)
    return facts.job


def buckets(facts: Facts, demand: Demand) -> tuple[str, ...]:
    """Names of buckets: the dataset's, the job's, and those that the policy names in full."""
    job = the_job(facts)
    uris = (facts.dataset, *(job.inputs + job.weights + job.outputs if job else ()))
    return _sorted((*(name for uri in uris if (name := bucket_of(uri))), *_literal(profile(demand).buckets)))


def bucket_of(uri: str) -> str:
    """The bucket of an S3 URI; empty for any other."""
    found = _BUCKET.match(uri)
    return found[1] if found else ""


def role_names(facts: Facts, demand: Demand) -> tuple[str, ...]:
    """Names of roles: the job's, and those that the policy names in full."""
    job, named = the_job(facts), profile(demand).roles
    if job is not None and (job.refers or "roles" in job.unread) and len(_literal(named)) < len(named):
        # Whatever role it is, JOB_ROLE asks that the policy names it; and what it names in full is asked about here.
        raise Unseen("the roles of the job", NotObserved(why="it refers to them: name all of aws.roles in full"))
    used = (role_name(role) for role in (job.roles if job else ()))
    return _sorted((*used, *_literal(named)))


def role_name(role: str) -> str:
    """The name of a role that is given by name or ARN."""
    found = ROLE_NAME.fullmatch(role)
    return found[1] if found else role


def no_bucket() -> Answer:
    """The answer where nothing lies in S3."""
    return not_applicable("s3", "neither the dataset, the job nor the policy names a bucket")


def no_role() -> Answer:
    """The answer where no role is known."""
    return not_applicable("iam", "neither the job nor the policy names a role")


def no_job() -> Answer:
    """The answer where no job is submitted."""
    return not_applicable("job", "the gate was given no job=")


def _literal(patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(one for one in patterns if "*" not in one)


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
