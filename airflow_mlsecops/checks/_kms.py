"""Keys of KMS: the questions, and whether a key is the environment's own."""

from __future__ import annotations

from airflow_mlsecops.checks._answer import not_applicable
from airflow_mlsecops.checks._aws import aws, fits, listed, profile
from airflow_mlsecops.checks._s3 import GET_BUCKET_ENCRYPTION, Policy
from airflow_mlsecops.checks._scope import buckets, the_job
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Demand
from airflow_mlsecops.core.facts import Facts


class KeyMetadata(Shape):
    """What matters of a key."""

    arn: str
    enabled: bool
    key_manager: str
    key_spec: str = ""
    origin: str = ""


class DescribedKey(Shape):
    """Answer of DescribeKey."""

    key_metadata: KeyMetadata


DESCRIBE_KEY = Operation(
    service="kms", name="describe_key", shape=DescribedKey, action="kms:DescribeKey", absent=("NotFoundException",)
)


class Grant(Shape):
    """A grant of a key."""

    grant_id: str
    grantee_principal: str = ""
    grantee_service_principal: str = ""
    operations: tuple[str, ...]
    constraints: dict[str, object] = {}
    creation_date: str = ""

    @property
    def grantee(self) -> str:
        """Who holds it: an ARN, or a service; empty where AWS does not say."""
        return self.grantee_principal or self.grantee_service_principal


class Grants(Shape):
    """Answer of ListGrants."""

    grants: tuple[Grant, ...]


GET_KEY_POLICY = Operation(service="kms", name="get_key_policy", shape=Policy, action="kms:GetKeyPolicy")
LIST_GRANTS = Operation(service="kms", name="list_grants", shape=Grants, action="kms:ListGrants")


def key_trouble(key: str, facts: Facts, demand: Demand) -> str:
    """What is wrong with a key as one of this environment's; empty if nothing is.

    :param key: its id, ARN or alias
    :raises Unseen: if nobody could look, or the policy names no keys
    """
    found = aws(facts).ask(DESCRIBE_KEY, region_of_key(key, facts), KeyId=key)
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


def region_of_key(key: str, facts: Facts) -> str:
    """The region to ask of a key, where its ARN names another than the connection's: KMS knows its own keys only."""
    parts = key.split(":")
    region = parts[3] if len(parts) > 5 and parts[0] == "arn" else ""
    return region if region != aws(facts).region and isinstance(aws(facts).region, str) else ""


def described(key: str, facts: Facts) -> KeyMetadata:
    """What AWS says of a key.

    :raises Unseen: also if it says that there is none
    """
    return aws(facts).need(DESCRIBE_KEY, region_of_key(key, facts), KeyId=key).key_metadata


def keys(facts: Facts, demand: Demand) -> tuple[str, ...]:
    """Keys, by id, ARN or alias: those of the buckets, the job's, and those that the policy names in full.

    :raises Unseen: if the encryption of one bucket was not observed
    """
    job = the_job(facts)
    named = (one for one in profile(demand).keys if "*" not in one)
    used = (one.key for one in (job.keys if job else ()))
    of_buckets = (key for bucket in buckets(facts, demand) for key in _keys_of(bucket, facts))
    return tuple(sorted({key for key in (*named, *used, *of_buckets) if key}))


def _keys_of(bucket: str, facts: Facts) -> tuple[str, ...]:
    found = aws(facts).ask(GET_BUCKET_ENCRYPTION, Bucket=bucket)
    return tuple(rule.key for rule in (found.defaults if found else ()) if rule)


def no_key() -> Answer:
    """The answer where no key is named."""
    return not_applicable("kms", "neither the buckets, the job nor the policy names a key")
