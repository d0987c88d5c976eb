"""The task works in an account of this environment, by AWS' own word.

AWS answers GetCallerIdentity to whoever asks, and takes no permission for it:
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html. Ids of accounts are told apart by
partition (``aws``, ``aws-cn``, ``aws-us-gov``…): where the policy names keys or boundaries by ARN, it must be theirs.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, in_aws, listed, profile
from airflow_mlsecops.checks._people import IDENTITY
from airflow_mlsecops.checks._sts import TASK
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    accounts = listed(profile(demand).accounts, "accounts")
    expected = "account " + " or ".join(sorted(accounts))
    found = aws(facts).need(TASK)
    if found.account not in accounts:
        reason = "the task works in an account that is not this environment's"
        return failed(IDENTITY, reason, expected=expected, got=found.account)
    partitions = _partitions(demand)
    if partitions and _partition(found.arn) not in partitions:
        reason = "the task works in another partition of AWS than this environment's keys and boundaries"
        return failed(IDENTITY, reason, expected=" or ".join(sorted(partitions)), got=_partition(found.arn))
    return passed(IDENTITY, "the task works in an account of this environment", expected=expected, got=found.account)


def _partitions(demand: Demand) -> frozenset[str]:
    arns = (*profile(demand).keys, *profile(demand).boundaries)
    named = frozenset(_partition(arn) for arn in arns if arn.startswith("arn:"))
    return frozenset() if any("*" in partition for partition in named) else named


def _partition(arn: str) -> str:
    return arn.split(":")[1]


CHECK = Check(
    id="AWS_ACCOUNT",
    question="Does the task work in an AWS account of this environment?",
    why="credentials of another account read and write another environment's data, whatever the connection is called",
    remedy=(
        "run `aws sts get-caller-identity` with the task's credentials, then give its connection a role of this "
        "environment: set role_arn in the connection's extra under Admin > Connections"
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-4", "NIST 800-53 SC-7", "ISO 27001 A.8.31", "SOC 2 CC6.1"),
    ask=in_aws(_ask, IDENTITY),
    reads=(TASK,),
    of_the_task=True,
)
