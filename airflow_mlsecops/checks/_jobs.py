"""The jobs that checks ask about: the one to come, and where the policy wants it the latest ones of SageMaker.

What a job only refers to (a task definition, a job definition, a model) is asked of AWS, so that checks see the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from airflow_mlsecops.checks._aws import Ask, aws, each_anywhere, profile
from airflow_mlsecops.checks._sagemaker import (
    DESCRIBE_MODEL,
    DESCRIBE_PROCESSING_JOB,
    DESCRIBE_TRAINING_JOB,
    DESCRIBE_TRANSFORM_JOB,
    LIST_PROCESSING_JOBS,
    LIST_TRAINING_JOBS,
    LIST_TRANSFORM_JOBS,
)
from airflow_mlsecops.checks._scope import no_job, the_job
from airflow_mlsecops.core.aws import CamelShape, Operation
from airflow_mlsecops.core.check import Answer, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.jobs import batch, ecs, transform
from airflow_mlsecops.core.jobs.parts import kept
from airflow_mlsecops.core.jobs.together import completed
from airflow_mlsecops.core.unseen import NotObserved, Unseen


class DescribedTask(CamelShape):
    """Answer of DescribeTaskDefinition."""

    task_definition: ecs.TaskDefinition


class JobDefinitions(CamelShape):
    """Answer of DescribeJobDefinitions."""

    job_definitions: tuple[batch.JobDefinition, ...]


DESCRIBE_TASK_DEFINITION = Operation(
    service="ecs", name="describe_task_definition", shape=DescribedTask, action="ecs:DescribeTaskDefinition",
    keep=kept(DescribedTask),
)  # fmt: skip
DESCRIBE_JOB_DEFINITIONS = Operation(
    service="batch", name="describe_job_definitions", shape=JobDefinitions, action="batch:DescribeJobDefinitions",
    keep=kept(JobDefinitions),
)  # fmt: skip

JOB_READS: tuple[Operation[Any], ...] = (
    LIST_TRAINING_JOBS, LIST_PROCESSING_JOBS, LIST_TRANSFORM_JOBS,
    DESCRIBE_TRAINING_JOB, DESCRIBE_PROCESSING_JOB, DESCRIBE_TRANSFORM_JOB, DESCRIBE_MODEL,
    DESCRIBE_TASK_DEFINITION, DESCRIBE_JOB_DEFINITIONS,
)  # fmt: skip


class Subject(NamedTuple):
    """One job that is asked about.

    :param name: what answers call it
    :param read: reads all of it; raises Unseen if some of it was not observed
    """

    name: str
    read: Callable[[Facts], JobFacts]


def of_each_job(judge: Callable[[JobFacts, Facts, Demand], Answer]) -> Ask:
    """A question asked of each job by itself."""

    def ask(one: Subject, facts: Facts, demand: Demand) -> Answer:
        return judge(one.read(facts), facts, demand)

    return each_anywhere(_subjects, ask, none=no_job, name=lambda one: one.name)


def jobs(facts: Facts, demand: Demand) -> tuple[JobFacts, ...]:
    """All of them, wholly read.

    :raises Unseen: if one of them, or something it refers to, was not observed
    """
    return tuple(one.read(facts) for one in _subjects(facts, demand))


def called(job: JobFacts) -> str:
    """What answers call a job."""
    return job.name or job.kind


def seen(job: JobFacts, part: str) -> Any:
    """A part of a job that could be read.

    :param part: field of the job, or what of its containers: ``images``, ``secrets``
    :raises Unseen: if it could not
    """
    if part in job.unread:
        why = "the job does not say, or says it in what was not rendered"
        raise Unseen(f"{part.replace('_', ' ')} of the job", NotObserved(why=why))
    return getattr(job, part, job.containers)


def _subjects(facts: Facts, demand: Demand) -> Iterator[Subject]:
    job = the_job(facts)
    if job is not None:
        yield Subject(called(job), lambda facts: _whole(job, facts))
    if latest := profile(demand).recent_jobs:
        yield from _latest(facts, SortBy="CreationTime", SortOrder="Descending", MaxResults=latest)


def _latest(facts: Facts, **which: Any) -> Iterator[Subject]:
    there = aws(facts)
    trained = there.need(LIST_TRAINING_JOBS, **which).training_job_summaries
    processed = there.need(LIST_PROCESSING_JOBS, **which).processing_job_summaries
    transformed = there.need(LIST_TRANSFORM_JOBS, **which).transform_job_summaries
    yield from (_described(DESCRIBE_TRAINING_JOB, TrainingJobName=one.training_job_name) for one in trained)
    yield from (_described(DESCRIBE_PROCESSING_JOB, ProcessingJobName=one.processing_job_name) for one in processed)
    yield from (_described(DESCRIBE_TRANSFORM_JOB, TransformJobName=one.transform_job_name) for one in transformed)


def _described(operation: Operation[Any], **by: str) -> Subject:
    (name,) = by.values()
    return Subject(name, lambda facts: _whole(aws(facts).need(operation, **by).facts(), facts))


def _whole(job: JobFacts, facts: Facts) -> JobFacts:
    """A job with the definitions that it refers to; a queue of Batch is left to who asks for networks."""
    refers = job.refers
    for reference in refers:
        if not reference.startswith(batch.QUEUE):
            job = completed(job, _definition(reference, facts))
    return job.model_copy(update={"refers": refers})


def _definition(reference: str, facts: Facts) -> JobFacts:
    service, kind, name = reference.split(":", 2)
    if f"{service}:{kind}:" == ecs.REFERS:
        return aws(facts).need(DESCRIBE_TASK_DEFINITION, taskDefinition=name).task_definition.facts()
    if f"{service}:{kind}:" == batch.DEFINITION:
        return _job_definition(name, facts)
    if f"{service}:{kind}:" == transform.REFERS:
        return aws(facts).need(DESCRIBE_MODEL, ModelName=name).facts()
    raise Unseen(f"what the job refers to ({kind})", NotObserved(why="it is of no kind that is known"))


def _job_definition(name: str, facts: Facts) -> JobFacts:
    """A definition of Batch; of one that is given without its revision, the latest that is active counts.

    https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
    """
    short = name.rpartition("/")[2]
    which = {"jobDefinitions": [name]} if ":" in short else {"jobDefinitionName": short, "status": "ACTIVE"}
    found = aws(facts).need(DESCRIBE_JOB_DEFINITIONS, **which).job_definitions
    if not found:
        raise Unseen(f"job definition {short}", NotObserved(why="AWS does not know it"))
    return max(found, key=lambda one: one.revision).facts()
