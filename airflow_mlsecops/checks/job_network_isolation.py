"""The containers of every job can reach no network at all.

SageMaker then moves data in and out itself, and containers have no credentials of AWS:
https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html. Tasks of ECS, jobs of Batch and pods
have no such switch: their networks and roles are asked about by other checks.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts

_EXPECTED = "EnableNetworkIsolation true"


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name, isolated = called(job), seen(job, "network_isolation")
    if isolated is None:
        return not_applicable(name, f"a {job.kind} has no such switch")
    if isolated:
        return passed(name, "its containers can reach no network", expected=_EXPECTED, got="true")
    return failed(name, "its containers can reach whatever their network lets them", expected=_EXPECTED, got="false")


CHECK = Check(
    id="JOB_NETWORK_ISOLATION",
    question="Are the containers of every job cut off from all networks?",
    why="code that can reach a network can carry the training data out, also code that came with a package or a model",
    remedy="set EnableNetworkIsolation to true: in the job, in NetworkConfig (processing), in the model (transform)",
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "ISO 27001 A.8.22", "SOC 2 CC6.6", "AWS FSBP SageMaker.5", "MITRE ATLAS AML.T0025"),
    ask=of_each_job(_ask),
    reads=JOB_READS,
)
