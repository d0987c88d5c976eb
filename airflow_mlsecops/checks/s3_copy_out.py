"""Nothing that a bucket does by itself carries data or names of objects out of this environment.

Read are replication, inventory and event notifications; what is switched off is left out. A replica may lie in a bucket
that the policy folder names, or in a partner's account. EventBridge stays in the bucket's own account.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from airflow_mlsecops.checks._accounts import insiders, owner
from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._s3 import Listing, bucket_in_arn, whole, with_lists
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "buckets and accounts of this environment and its partners"


class _Place(Shape):
    bucket: str
    account: str = ""


class _Rule(Shape):
    status: str
    destination: _Place


class _Rules(Shape):
    rules: tuple[_Rule, ...]


class _Replication(Shape):
    replication_configuration: _Rules


class _InventoryPlace(_Place):
    account: str = Field(default="", alias="AccountId")


class _InventoryDestination(Shape):
    s3_bucket_destination: _InventoryPlace


class _Inventory(Shape):
    is_enabled: bool
    destination: _InventoryDestination


class _Inventories(Listing):
    is_truncated: bool
    inventory_configuration_list: tuple[_Inventory, ...] = ()


class _Topic(Shape):
    topic_arn: str


class _Queue(Shape):
    queue_arn: str


class _Function(Shape):
    lambda_function_arn: str


class _Notifications(Shape):
    topic_configurations: tuple[_Topic, ...]
    queue_configurations: tuple[_Queue, ...]
    lambda_function_configurations: tuple[_Function, ...]

    @property
    def arns(self) -> tuple[str, ...]:
        """Who is told."""
        return (
            *(one.topic_arn for one in self.topic_configurations),
            *(one.queue_arn for one in self.queue_configurations),
            *(one.lambda_function_arn for one in self.lambda_function_configurations),
        )


_GET_REPLICATION = Operation(
    service="s3", name="get_bucket_replication", shape=_Replication, action="s3:GetReplicationConfiguration",
    absent=("ReplicationConfigurationNotFoundError",),
)  # fmt: skip
_LIST_INVENTORIES = Operation(
    service="s3", name="list_bucket_inventory_configurations", shape=_Inventories, action="s3:GetInventoryConfiguration"
)
_GET_NOTIFICATIONS = Operation(
    service="s3", name="get_bucket_notification_configuration", shape=_Notifications, action="s3:GetBucketNotification",
    keep=with_lists("TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations"),
)  # fmt: skip


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    strangers = (*_places_outside(bucket, facts, demand), *_told_outside(bucket, facts, demand))
    if strangers:
        got = ", ".join(sorted(strangers))
        return failed(bucket, "the bucket passes what it holds on to others", expected=_EXPECTED, got=got)
    return passed(bucket, "the bucket passes nothing on that leaves this environment", expected=_EXPECTED)


def _places_outside(bucket: str, facts: Facts, demand: Demand) -> Iterator[str]:
    for place in (*_replicas(bucket, facts), *_inventories(bucket, facts)):
        if not _inside(place, demand):
            yield f"{bucket_in_arn(place.bucket)} (account {place.account or 'not named'})"


def _replicas(bucket: str, facts: Facts) -> tuple[_Place, ...]:
    found = aws(facts).ask(_GET_REPLICATION, Bucket=bucket)
    rules = found.replication_configuration.rules if found else ()
    return tuple(rule.destination for rule in rules if rule.status != "Disabled")


def _inventories(bucket: str, facts: Facts) -> tuple[_Place, ...]:
    found = whole(aws(facts).need(_LIST_INVENTORIES, Bucket=bucket), f"all inventories of bucket {bucket}")
    return tuple(one.destination.s3_bucket_destination for one in found.inventory_configuration_list if one.is_enabled)


def _inside(place: _Place, demand: Demand) -> bool:
    """True for a bucket that the policy names, or a partner's; an account that is named must be known in any case."""
    if place.account and place.account not in insiders(demand):
        return False
    if place.account in profile(demand).partners:
        return True
    return fits(bucket_in_arn(place.bucket), listed(profile(demand).buckets, "buckets"))


def _told_outside(bucket: str, facts: Facts, demand: Demand) -> tuple[str, ...]:
    told = aws(facts).need(_GET_NOTIFICATIONS, Bucket=bucket).arns
    return tuple(arn for arn in told if owner(arn) not in insiders(demand))


CHECK = Check(
    id="S3_COPY_OUT",
    question="Does no bucket pass what it holds on to places outside this environment?",
    why="a rule of replication copies every new object away, silently and for good",
    remedy=(
        "take the rule away, or have its destination listed under aws.buckets or aws.partners; to see it: "
        "`aws s3api get-bucket-replication --bucket {subject}`; `aws s3api "
        "list-bucket-inventory-configurations --bucket {subject}`; `aws s3api "
        "get-bucket-notification-configuration --bucket {subject}`"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-4", "ISO 27001 A.8.12", "ISO 27001 A.5.14", "SOC 2 CC6.7", "MITRE ATLAS AML.T0025"),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(_GET_REPLICATION, _LIST_INVENTORIES, _GET_NOTIFICATIONS),
)
