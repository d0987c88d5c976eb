"""The account that the task works in says itself that it is this environment's, by its tag in AWS Organizations.

Only the management account of an organisation, and a member account that it delegates this to, may ask; elsewhere
nobody could look: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTagsForResource.html.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, in_aws, profile
from airflow_mlsecops.checks._sts import TASK
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


class Tag(Shape):
    """One tag."""

    key: str
    value: str


class Tags(Shape):
    """Answer of ListTagsForResource."""

    tags: tuple[Tag, ...]


LIST_TAGS = Operation(
    service="organizations", name="list_tags_for_resource", shape=Tags, action="organizations:ListTagsForResource",
    absent=("AWSOrganizationsNotInUseException",),
)  # fmt: skip


def _ask(facts: Facts, demand: Demand) -> Answer:
    key = profile(demand).tag
    account = aws(facts).need(TASK).account
    expected = f"{key}={demand.environment}"
    found = aws(facts).ask(LIST_TAGS, ResourceId=account)
    if found is None:
        return failed(account, "the account is in no organisation: no tag says whose it is", expected=expected)
    said = next((tag.value for tag in found.tags if tag.key == key), None)
    if said is None:
        return failed(account, f"the account has no tag {key}", expected=expected, got="no such tag")
    if said != demand.environment:
        return failed(account, "the account says that it is another environment's", expected=expected, got=said)
    return passed(account, "the account says that it is this environment's", expected=expected, got=said)


CHECK = Check(
    id="AWS_ACCOUNT_TAG",
    question="Does the account's own tag name this environment?",
    why="a policy that lists the wrong account is noticed only by asking the account itself",
    remedy=(
        "`aws organizations tag-resource --resource-id {subject} --tags Key=environment,Value=ENVIRONMENT` as the "
        "management account, if the account is this environment's; else correct aws.accounts in policy.yaml"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 CM-8", "ISO 27001 A.8.31", "ISO 27001 A.5.9"),
    ask=in_aws(_ask, "account"),
    reads=(TASK, LIST_TAGS),
)
