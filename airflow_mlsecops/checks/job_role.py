"""Every job runs as a role of this environment, in an account of this environment.

A task of ECS or a job of Batch that names no role has whatever its machine has:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html. A role given by its name alone is
looked for in the account of the connection, which AWS_ACCOUNT is about. What the role may do is IAM_…'s matter.
"""

from __future__ import annotations

import re

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import fits, listed, profile
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.checks._scope import role_name
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts

_ARN = re.compile(r"arn:[a-z-]+:iam::(\d{12}):role/")


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name = called(job)
    if not job.in_aws:
        return not_applicable(name, f"a {job.kind} names no role of AWS")
    roles, ours = seen(job, "roles"), listed(profile(demand).roles, "roles")
    expected = "one of " + ", ".join(sorted(ours))
    if not roles:
        return failed(name, "the job names no role: it has whatever its machine has", expected=expected, got="none")
    strangers = [role for role in roles if not _is_ours(role, ours, demand)]
    if strangers:
        return failed(
            name, "it runs as what is no role of this environment", expected=expected, got=", ".join(strangers)
        )
    return passed(name, "it runs as a role of this environment", expected=expected, got=", ".join(roles))


def _is_ours(role: str, ours: tuple[str, ...], demand: Demand) -> bool:
    accounts = listed(profile(demand).accounts, "accounts")
    given = _ARN.match(role)
    account_is_ours = given[1] in accounts if given else ":" not in role
    return account_is_ours and fits(role_name(role), ours)


CHECK = Check(
    id="JOB_ROLE",
    question="Does every job run as a role of this environment?",
    why="a job has all that its role may read and write: with another environment's role it is in that environment",
    remedy=(
        "name a role of this environment: RoleArn (SageMaker), ExecutionRoleArn (its models), taskRoleArn (ECS), "
        "jobRoleArn (Batch)"
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-6", "ISO 27001 A.8.2", "SOC 2 CC6.3"),
    ask=of_each_job(_ask),
    reads=JOB_READS,
)
