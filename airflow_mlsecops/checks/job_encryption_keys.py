"""Whatever a job writes at rest is encrypted with a key of this environment: its volumes, its output, what it captures.

Machines whose only storage is local encrypt it by themselves and take no key:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html. The storage of a task on Fargate is a
matter of its cluster, that of pods of theirs.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.checks._kms import DESCRIBE_KEY, key_trouble
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts, Key

_EXPECTED = "a key of this environment for each"


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name, keys = called(job), seen(job, "keys")
    if not keys:
        return not_applicable(name, "the job writes to nothing that takes a key")
    troubles = [f"{key.use}: {trouble}" for key in keys if (trouble := _trouble(key, facts, demand))]
    if troubles:
        reason = f"{len(troubles):,} of {len(keys):,} places that it writes to have no key of this environment"
        return failed(name, reason, expected=_EXPECTED, got="; ".join(troubles))
    uses = ", ".join(sorted({key.use for key in keys}))
    return passed(name, "all that it writes has a key of this environment", expected=_EXPECTED, got=uses)


def _trouble(key: Key, facts: Facts, demand: Demand) -> str:
    return key_trouble(key.key, facts, demand) if key.key else "no key is named"


CHECK = Check(
    id="JOB_ENCRYPTION_KEYS",
    question="Is all that a job writes encrypted with keys of this environment?",
    why="only a key of the environment keeps those out whom its other rules would let read a copy",
    remedy=(
        "name a key of this environment: ResourceConfig.VolumeKmsKeyId and OutputDataConfig.KmsKeyId (training), "
        "ClusterConfig.VolumeKmsKeyId and ProcessingOutputConfig.KmsKeyId (processing), "
        "TransformResources.VolumeKmsKeyId and TransformOutput.KmsKeyId (transform)"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-28", "ISO 27001 A.8.24", "SOC 2 CC6.7", "GDPR Art. 32"),
    ask=of_each_job(_ask),
    reads=(*JOB_READS, DESCRIBE_KEY),
)
