"""No access control list lets anybody but the owner into a bucket.

Where the owner is enforced, lists count for nothing. Elsewhere each object has a list of its own, which may let in
whomever and which nobody reads here: a bucket whose own list names its owner only is open all the same.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._s3 import GET_BUCKET_ACL, GET_OWNERSHIP, OWNER_ENFORCED, Acl, Grantee
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    ownership = aws(facts).ask(GET_OWNERSHIP, Bucket=bucket)
    if ownership and ownership.enforced:
        return passed(bucket, "access control lists count for nothing", expected=OWNER_ENFORCED, got=OWNER_ENFORCED)
    others = _others(aws(facts).need(GET_BUCKET_ACL, Bucket=bucket))
    if others:
        return failed(bucket, "the bucket's ACL lets others than its owner in", expected=OWNER_ENFORCED, got=others)
    reason = "the list of each object counts, and may let in others than the bucket's owner"
    return failed(bucket, reason, expected=OWNER_ENFORCED, got="the bucket's own list names its owner only")


def _others(acl: Acl) -> str:
    strangers = (grant.grantee for grant in acl.grants if not _is_owner(grant.grantee, acl))
    return ", ".join(sorted({one.uri or f"{one.type} {one.id}".rstrip() for one in strangers}))


def _is_owner(grantee: Grantee, acl: Acl) -> bool:
    return grantee.type == "CanonicalUser" and grantee.id == acl.owner.id and not grantee.uri


CHECK = Check(
    id="S3_ACLS",
    question="Does no access control list let others than the owner into a bucket?",
    why="lists let whole groups in beside the policy, where nobody looks for it",
    remedy=(
        "`aws s3api put-bucket-ownership-controls --bucket {subject} --ownership-controls "
        "'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-3", "NIST 800-53 AC-6", "ISO 27001 A.8.3", "AWS FSBP S3.12"),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(GET_OWNERSHIP, GET_BUCKET_ACL),
)
