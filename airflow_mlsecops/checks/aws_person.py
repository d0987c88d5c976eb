"""The task does not work as a person, by what AWS calls it.

A user, the root user, a federated user, a role of IAM Identity Center, a role that the policy says people use, and a
session that is named by an e-mail address, as sign-ins of people are. Whoever takes the task's own role by hand and
names the session as he likes is not told from the task here: IAM_TRUST asks who may.
"""

from __future__ import annotations

import re

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, in_aws, profile
from airflow_mlsecops.checks._people import IDENTITY, person, role_in
from airflow_mlsecops.checks._sts import TASK
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "a role that no person uses"
_E_MAIL = re.compile(r"[^@/]+@[^@/]+\.[A-Za-z]{2,}")


def _ask(facts: Facts, demand: Demand) -> Answer:
    arn = aws(facts).need(TASK).arn
    sign = _sign(arn, profile(demand).people)
    if sign:
        return failed(IDENTITY, f"the task works as {sign}", expected=_EXPECTED, got=arn)
    return passed(IDENTITY, "nothing shows a person in whom the task works as", expected=_EXPECTED, got=arn)


def _sign(arn: str, people: tuple[str, ...]) -> str:
    if sign := person(arn, people):
        return sign
    if not role_in(arn):
        return "somebody who is neither a role nor known otherwise"
    by_mail = _E_MAIL.fullmatch(arn.rpartition("/")[2])
    return "a session that is named by an e-mail address, as those of people are" if by_mail else ""


CHECK = Check(
    id="AWS_PERSON",
    question="Does the task work as a machine, not as a person?",
    why="a person's credentials on a worker let a laptop pass for production, and production's data go to a laptop",
    remedy=(
        "take the person's keys, profile or sign-in away from the connection and the worker, and set role_arn of a "
        "role of this environment in the connection's extra under Admin > Connections"
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 IA-2", "NIST 800-53 AC-5", "ISO 27001 A.5.16", "SOC 2 CC6.1", "SOC 2 CC6.3"),
    ask=in_aws(_ask, IDENTITY),
    reads=(TASK,),
    of_the_task=True,
)
