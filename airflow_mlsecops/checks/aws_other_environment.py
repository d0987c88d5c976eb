"""The task cannot take the roles of other environments, and cannot open their buckets: it tries, and must be refused.

Each attempt is asked with the task's own credentials and shows in CloudTrail, which is why the policy has to require
it. A role that is taken all the same is never used: its credentials are thrown away before anything is stored. S3
refuses credentials that do not work as it refuses those of strangers: that the task's own work is asked first. Limits:
AWS refuses a role that does not exist as it refuses one that is guarded, so the policy must spell it right; and a
bucket that may not be listed may still be read, object by object, which IAM_DATA_SCOPE asks.
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each, listed, profile
from airflow_mlsecops.checks._sts import TASK
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "access denied"
_SESSION: dict[str, Any] = {"RoleSessionName": "mlsecops-isolation-probe", "DurationSeconds": 900}


class Reached(Shape):
    """Any answer at all: it should have been refused."""


def _nothing(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}  # the credentials of another environment are kept nowhere


# They need permissions that nobody should have: none is asked for. A bucket that is not there (404) is no refusal.
ASSUME_ROLE = Operation(
    service="sts", name="assume_role", shape=Reached, action="", absent=("AccessDenied",), as_task=True, keep=_nothing
)
HEAD_BUCKET = Operation(
    service="s3", name="head_bucket", shape=Reached, action="", absent=("403", "AccessDenied"), as_task=True
)


def _elsewhere(facts: Facts, demand: Demand) -> tuple[str, ...]:
    named = profile(demand).elsewhere
    return listed((*named.roles, *named.buckets), "elsewhere")


def _ask(name: str, facts: Facts, demand: Demand) -> Answer:
    aws(facts).need(TASK)
    if name in profile(demand).elsewhere.roles:
        refused = aws(facts).ask(ASSUME_ROLE, RoleArn=name, **_SESSION) is None
    else:
        refused = aws(facts).ask(HEAD_BUCKET, Bucket=name) is None
    if refused:
        return passed(name, "the task was refused, as it should be", expected=_EXPECTED, got=_EXPECTED)
    return failed(name, "the task reached what belongs to another environment", expected=_EXPECTED, got="let in")


def _none() -> Answer:
    return not_applicable("elsewhere", "the policy names nothing of other environments")


CHECK = Check(
    id="AWS_OTHER_ENVIRONMENT",
    question="Is the task refused by the roles and buckets of other environments?",
    why="a border that nobody tried is a drawing: one open role or bucket carries data across it",
    remedy=(
        "take the task's role out of what lets it in: the role's trust policy (`aws iam get-role`, then `aws iam "
        "update-assume-role-policy`) or the bucket's policy (`aws s3api get-bucket-policy --bucket {subject}`), and "
        "out of the policies of the task's role"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-4", "NIST 800-53 SC-7(21)", "NIST 800-53 CA-8", "ISO 27001 A.8.31", "SOC 2 CC6.1"),
    ask=each(_elsewhere, _ask, none=_none),
    reads=(TASK, ASSUME_ROLE, HEAD_BUCKET),
    probes=True,
)
