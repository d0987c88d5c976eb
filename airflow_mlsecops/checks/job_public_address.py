"""No job gets a public address.

Tasks of ECS and of Batch on Fargate are told by the job itself:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html. On machines of EC2 that Batch
makes, the subnet or the launch template decides: the answer is UNKNOWN. SageMaker's interfaces never have one.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.jobs.ecs import ECS
from airflow_mlsecops.core.unseen import NotObserved, Unseen

_EXPECTED = "assignPublicIp DISABLED"


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name, public = called(job), seen(job, "public_address")
    if public is None and job.kind == ECS:
        why = "what the gate was given is a definition, which many calls may run: give it job=job_of(task)"
        raise Unseen("whether the job gets a public address", NotObserved(why=why))
    if public is None:
        return not_applicable(name, f"a {job.kind} is given no public address")
    if public:
        return failed(name, "it gets a public address", expected=_EXPECTED, got="a public address")
    return passed(name, "it gets no public address", expected=_EXPECTED, got="none")


CHECK = Check(
    id="JOB_PUBLIC_ADDRESS",
    question="Is every job without a public address?",
    why="a machine with a public address can be reached from the Internet, and reach it past every gateway of ours",
    remedy="set assignPublicIp to DISABLED in networkConfiguration, and let it reach AWS through VPC endpoints",
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "ISO 27001 A.8.22", "SOC 2 CC6.6", "AWS FSBP ECS.2"),
    ask=of_each_job(_ask),
    reads=JOB_READS,
)
