"""The task works as one of the roles of this environment, by AWS' own word.

A session's ARN names the role without its path; names of roles are unique in an account. Which account that is, is
AWS_ACCOUNT's question; whether a person took the role is AWS_PERSON's.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, fits, in_aws, listed, profile
from airflow_mlsecops.checks._people import IDENTITY, role_in
from airflow_mlsecops.checks._sts import TASK
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    roles = listed(profile(demand).roles, "roles")
    expected = "role " + " or ".join(sorted(roles))
    arn = aws(facts).need(TASK).arn
    role = role_in(arn)
    if not role:
        return failed(IDENTITY, "the task works as somebody who took no role", expected=expected, got=arn)
    if not fits(role, roles):
        return failed(IDENTITY, "the task works as a role that is not this environment's", expected=expected, got=role)
    return passed(IDENTITY, "the task works as a role of this environment", expected=expected, got=role)


CHECK = Check(
    id="AWS_ROLE",
    question="Does the task work as a role of this environment?",
    why="what a task may read depends on its role: as another one it reads what this environment was not given",
    remedy=(
        "give the task's connection a role of this environment: set role_arn in the connection's extra under "
        "Admin > Connections, or leave login and password empty and give the worker that role"
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-2", "NIST 800-53 AC-6", "ISO 27001 A.8.2", "SOC 2 CC6.1"),
    ask=in_aws(_ask, IDENTITY),
    reads=(TASK,),
    of_the_task=True,
)
