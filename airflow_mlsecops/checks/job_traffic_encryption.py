"""Traffic between the machines of every job is encrypted.

Only jobs of SageMaker that run on several machines have such traffic:
https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html. A transform job's machines do not talk to each
other.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts

_EXPECTED = "EnableInterContainerTrafficEncryption true"


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name, encrypted = called(job), seen(job, "traffic_encryption")
    if encrypted is None:
        return not_applicable(name, f"a {job.kind} has no such switch")
    if encrypted:
        return passed(name, "traffic between its machines is encrypted", expected=_EXPECTED, got="true")
    if seen(job, "instances") == 1:
        return not_applicable(name, "it runs on one machine")
    return failed(name, "traffic between its machines is not encrypted", expected=_EXPECTED, got="false")


CHECK = Check(
    id="JOB_TRAFFIC_ENCRYPTION",
    question="Is traffic between the machines of every job encrypted?",
    why="gradients and batches that cross a network in plain text give the training data away",
    remedy="set EnableInterContainerTrafficEncryption to true: in the job, or in NetworkConfig (processing)",
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 SC-8", "ISO 27001 A.8.24", "SOC 2 CC6.7", "GDPR Art. 32"),
    ask=of_each_job(_ask),
    reads=JOB_READS,
)
