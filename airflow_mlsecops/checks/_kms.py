"""Keys of KMS: which they are, and whether they are the environment's own."""

from __future__ import annotations

from airflow_mlsecops.checks._aws import aws, fits, listed, profile
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Demand
from airflow_mlsecops.core.facts import Facts


class KeyMetadata(Shape):
    """What matters of a key."""

    arn: str
    enabled: bool
    key_manager: str


class DescribedKey(Shape):
    """Answer of DescribeKey."""

    key_metadata: KeyMetadata


DESCRIBE_KEY = Operation(
    service="kms", name="describe_key", shape=DescribedKey, action="kms:DescribeKey", absent=("NotFoundException",)
)


def key_trouble(key: str, facts: Facts, demand: Demand) -> str:
    """What is wrong with a key as one of this environment's; empty if nothing is.

    :param key: its id, ARN or alias
    :raises Unseen: if nobody could look, or the policy names no keys
    """
    found = aws(facts).ask(DESCRIBE_KEY, KeyId=key)
    if found is None:
        return "there is no such key"
    metadata = found.key_metadata
    if metadata.key_manager != "CUSTOMER":
        return "it is a key of AWS' own, which every principal of the account may use"
    if not metadata.enabled:
        return "it is disabled"
    if not fits(metadata.arn, listed(profile(demand).keys, "keys")):
        return "it is not one of this environment's keys"
    return ""
