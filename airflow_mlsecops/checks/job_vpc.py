"""Every job runs in a subnet of this environment's VPCs.

A job of SageMaker without a VPC runs in a network of AWS' own, which reaches the Internet:
https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html. A task of ECS without a network interface of its own
shares its machine's. For Batch, the subnets are those of the compute environments of its queue. Pods are not asked: no
manifest says where they run.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, listed, profile
from airflow_mlsecops.checks._ec2 import DESCRIBE_SUBNETS
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.checks._places import foreign_subnets
from airflow_mlsecops.core.aws import CamelShape, Operation
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.jobs.batch import QUEUE
from airflow_mlsecops.core.unseen import NotObserved, Unseen


class Order(CamelShape):
    """One compute environment of a queue."""

    compute_environment: str


class Queue(CamelShape):
    """One queue of Batch."""

    compute_environment_order: tuple[Order, ...]


class Queues(CamelShape):
    """Answer of DescribeJobQueues."""

    job_queues: tuple[Queue, ...]


class Resources(CamelShape):
    """Machines that Batch manages."""

    subnets: tuple[str, ...] = ()


class ComputeEnvironment(CamelShape):
    """One compute environment; without resources, somebody else manages its machines."""

    compute_resources: Resources | None = None


class ComputeEnvironments(CamelShape):
    """Answer of DescribeComputeEnvironments."""

    compute_environments: tuple[ComputeEnvironment, ...]


DESCRIBE_JOB_QUEUES = Operation(
    service="batch", name="describe_job_queues", shape=Queues, action="batch:DescribeJobQueues"
)
DESCRIBE_COMPUTE_ENVIRONMENTS = Operation(
    service="batch", name="describe_compute_environments", shape=ComputeEnvironments,
    action="batch:DescribeComputeEnvironments",
)  # fmt: skip


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name, subnets = called(job), _subnets(job, facts)
    if subnets is None and job.in_aws:
        why = "what the gate was given is a definition, which many calls may run: give it job=job_of(task)"
        raise Unseen("the network of the job", NotObserved(why=why))
    if subnets is None:
        return not_applicable(name, f"a {job.kind} does not say which network it runs in")
    expected = "a subnet of " + " or ".join(sorted(listed(profile(demand).vpcs, "vpcs")))
    if not subnets:
        return failed(name, "the job is attached to no subnet of ours", expected=expected, got="none")
    strangers = foreign_subnets(subnets, facts, demand)
    if strangers:
        reason = f"{len(strangers):,} of {len(subnets):,} subnets lie in no VPC of this environment"
        return failed(name, reason, expected=expected, got=", ".join(strangers))
    return passed(name, "the job runs in this environment's network", expected=expected, got=", ".join(subnets))


def _subnets(job: JobFacts, facts: Facts) -> tuple[str, ...] | None:
    queues = [reference.removeprefix(QUEUE) for reference in job.refers if reference.startswith(QUEUE)]
    said: tuple[str, ...] | None = seen(job, "subnets")
    return tuple(subnet for queue in queues for subnet in _of_queue(queue, facts)) if queues else said


def _of_queue(queue: str, facts: Facts) -> tuple[str, ...]:
    found = aws(facts).need(DESCRIBE_JOB_QUEUES, jobQueues=[queue]).job_queues
    orders = [order.compute_environment for one in found for order in one.compute_environment_order]
    if not orders:
        raise Unseen("the machines of the job queue", NotObserved(why="AWS names none"))
    return tuple(subnet for order in orders for subnet in _of_compute_environment(order, facts))


def _of_compute_environment(name: str, facts: Facts) -> tuple[str, ...]:
    found = aws(facts).need(DESCRIBE_COMPUTE_ENVIRONMENTS, computeEnvironments=[name]).compute_environments
    subnets = [one.compute_resources.subnets if one.compute_resources else () for one in found]
    if not subnets or not all(subnets):
        raise Unseen("the network of the compute environment", NotObserved(why="Batch does not manage it"))
    return tuple(subnet for some in subnets for subnet in some)


CHECK = Check(
    id="JOB_VPC",
    question="Does every job run in a network of this environment?",
    why="a job outside of the environment's network can send what it reads anywhere",
    remedy=(
        "give the job subnets of this environment: VpcConfig (SageMaker), "
        "networkConfiguration.awsvpcConfiguration (ECS), a queue whose compute environments lie in them (Batch)"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "ISO 27001 A.8.22", "SOC 2 CC6.6", "MITRE ATLAS AML.T0025"),
    ask=of_each_job(_ask),
    reads=(*JOB_READS, DESCRIBE_JOB_QUEUES, DESCRIBE_COMPUTE_ENVIRONMENTS, DESCRIBE_SUBNETS),
)
