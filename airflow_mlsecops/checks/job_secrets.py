"""No job carries a secret in clear: in environment variables, hyperparameters or arguments.

Whoever may describe the job reads them, and SageMaker shows them in its console. Judged by names and by the shape of
values, hence some secrets look like none. Values are never kept; arguments are told by their places.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts

_EXPECTED = "references to secrets that are kept elsewhere"


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name = called(job)
    # A secret that was seen is one, whatever else could not be read.
    secrets = sorted({secret for container in job.containers for secret in container.secrets})
    if secrets:
        reason = f"{len(secrets):,} values that the job carries in clear look like secrets"
        return failed(name, reason, expected=_EXPECTED, got=", ".join(secrets))
    seen(job, "secrets")
    return passed(name, "nothing that the job carries in clear looks like a secret", expected=_EXPECTED)


CHECK = Check(
    id="JOB_SECRETS",
    question="Is every job free of secrets in clear?",
    why="a password in a job's description is read by everybody who may describe jobs, for as long as AWS keeps it",
    remedy=(
        "keep it in Secrets Manager and name it: secrets with valueFrom (ECS, Batch), env with valueFrom.secretKeyRef "
        "(Kubernetes), or let the code fetch it by its role (SageMaker); then replace the secret"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 IA-5(7)", "ISO 27001 A.5.17", "SOC 2 CC6.1", "AWS FSBP ECS.8"),
    ask=of_each_job(_ask),
    reads=JOB_READS,
)
