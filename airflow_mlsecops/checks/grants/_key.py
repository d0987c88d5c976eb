"""The key that a bucket encrypts new objects with, as far as AWS tells: its policy and its grants.

What was written before, or with another key, is encrypted otherwise: who reads that is told apart.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._aws import home
from airflow_mlsecops.checks._kms import DESCRIBE_KEY, GET_KEY_POLICY, LIST_GRANTS, Grant
from airflow_mlsecops.checks._s3 import GET_BUCKET_ENCRYPTION
from airflow_mlsecops.checks.grants._estate import Key, KeyGrant, Policy
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.core.unseen import NotObserved

_OF_AWS = "alias/aws/s3"  # what S3 uses where SSE-KMS is on and no key is named


def key(inquiry: Inquiry, bucket: str, region: str) -> Key | NotObserved | None:
    """The key; ``None`` where whoever may read needs none.

    :param region: of the bucket, which is the key's; empty if nobody could tell
    """
    found = inquiry.ask(f"How bucket {bucket} encrypts its objects", GET_BUCKET_ENCRYPTION, Bucket=bucket)
    if found is None or isinstance(found, NotObserved):
        return found
    names = sorted({one.key or _OF_AWS for one in found.defaults if one and one.algorithm.startswith("aws:kms")})
    if len(names) > 1:
        several = NotObserved(why="it names several")
        inquiry.hide(f"The one key of bucket {bucket}", several)
        return several
    return _described(inquiry, names[0], region) if names else None


def _described(inquiry: Inquiry, name: str, region: str) -> Key | NotObserved:
    parts = name.split(":")
    region = parts[3] if len(parts) > 5 else region
    if not region:  # another region has another key of that name
        return NotObserved(why="nobody could see the region of its bucket")
    place = home(region, inquiry.facts)
    said = inquiry.need(f"Which key {name} is", DESCRIBE_KEY, place, KeyId=name)
    if not isinstance(said, NotObserved):
        key = _key(inquiry, said.key_metadata.arn, place)
        return key.model_copy(update={"by_aws": said.key_metadata.key_manager == "AWS"})
    return _key(inquiry, name, place) if name.startswith("arn:") and ":key/" in name else said


def _key(inquiry: Inquiry, arn: str, place: str) -> Key:
    said = inquiry.need(f"The policy of key {arn}", GET_KEY_POLICY, place, KeyId=arn, PolicyName="default")
    if isinstance(said, NotObserved):
        policy = Policy(name="key", statements=said)
    else:
        policy = inquiry.policy(f"the policy of key {arn}", "key", said.policy)
    listed = inquiry.need(f"Who holds grants of key {arn}", LIST_GRANTS, place, KeyId=arn)
    grants = listed if isinstance(listed, NotObserved) else tuple(map(_grant, listed.grants))
    return Key(arn=arn, policy=policy, grants=grants)


def _grant(one: Grant) -> KeyGrant:
    return KeyGrant(
        id=one.grant_id,
        grantee=one.grantee,
        operations=one.operations,
        constrained=bool(one.constraints),
        since=one.creation_date[:10],
    )
