"""A key of the environment's own, and buckets that only its network reaches, encrypted with that key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dags_examples.estate.names import (
    ACCOUNT,
    LOGS,
    REGION,
    TRAINER,
    Clients,
    bucket_arn,
    document,
    role_arn,
)

BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
_OBJECTS = ["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*"]


def key(clients: Clients) -> str:
    """A key that the account alone manages, renewed every year."""
    kms = clients("kms")
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    policy = document({"Sid": "Account", "Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"})
    made = kms.create_key(Description="prod-train", Policy=policy)["KeyMetadata"]
    kms.enable_key_rotation(KeyId=made["KeyId"])
    return str(made["Arn"])


def account_block(clients: Clients) -> None:
    """No bucket of the account can be made public."""
    clients("s3control").put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=BLOCKED)


def log_bucket(clients: Clients, key_arn: str) -> None:
    """Where S3, flow logs and CloudTrail write what happened."""
    writers = {"Service": "logging.s3.amazonaws.com"}, {"Service": "cloudtrail.amazonaws.com"}
    ours = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    let = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{bucket_arn(LOGS)}/*", "Condition": ours}
    _bucket(clients, LOGS, key_arn)
    policy = document(*({**let, "Principal": writer} for writer in writers), tls_only(LOGS))
    clients("s3").put_bucket_policy(Bucket=LOGS, Policy=policy)


def data_bucket(clients: Clients, name: str, key_arn: str, endpoint: str) -> None:
    """A bucket that is reached over TLS, from within the VPC, by the role that trains; who reads it is logged."""
    _bucket(clients, name, key_arn)
    target = {"LoggingEnabled": {"TargetBucket": LOGS, "TargetPrefix": f"{name}/"}}
    clients("s3").put_bucket_logging(Bucket=name, BucketLoggingStatus=target)
    said = document(*statements(name, endpoint), *encrypted(name, key_arn))
    clients("s3").put_bucket_policy(Bucket=name, Policy=said)


def statements(name: str, endpoint: str) -> Iterator[dict[str, Any]]:
    """What the policy of a data bucket says."""
    within = {"StringNotEquals": {"aws:SourceVpce": endpoint}}
    objects = f"{bucket_arn(name)}/*"
    yield tls_only(name)
    yield {
        "Sid": "VpcOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": _OBJECTS,
        "Resource": objects,
        "Condition": within,
    }
    trainer = {"AWS": role_arn(TRAINER)}
    yield {"Sid": "Train", "Effect": "Allow", "Principal": trainer, "Action": _OBJECTS[:2], "Resource": objects}


def encrypted(name: str, key_arn: str) -> Iterator[dict[str, Any]]:
    """Whoever writes otherwise than with the bucket's key is turned away; who says nothing of it writes with that key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    how = "s3:x-amz-server-side-encryption"
    other_key = {"StringNotEquals": {f"{how}-aws-kms-key-id": key_arn}, "Null": {f"{how}-aws-kms-key-id": "false"}}
    yield _no_writing(name, "OtherKey", other_key)
    yield _no_writing(name, "NoKey", {"Null": {how: "false", f"{how}-aws-kms-key-id": "true"}})
    yield _no_writing(name, "KeyOfTheWriter", {"Null": {f"{how}-customer-algorithm": "false"}})


def _no_writing(name: str, sid: str, condition: dict[str, Any]) -> dict[str, Any]:
    objects = f"{bucket_arn(name)}/*"
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": objects,
        "Condition": condition,
    }


def tls_only(name: str) -> dict[str, Any]:
    """Whoever comes without TLS is turned away."""
    arn = bucket_arn(name)
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _bucket(clients: Clients, name: str, key_arn: str) -> None:
    s3 = clients("s3")
    place = {"LocationConstraint": REGION}
    # Nobody can be let in by an ACL: there are none.
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=place, ObjectOwnership="BucketOwnerEnforced")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=BLOCKED)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    sse = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": sse, "BucketKeyEnabled": True}]}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=rules)
