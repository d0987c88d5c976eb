"""No bucket's policy lets anybody in, by AWS' word and by our own reading.

AWS' word alone is not taken: emulators guess it, and it does not know our rule that a condition which only may exclude
somebody excludes nobody. What ACLs let in is S3_ACLS' question; whom a policy names, that of S3_FOREIGN_ACCOUNTS.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._s3 import GET_BUCKET_POLICY, bucket_policy, sids
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


class _Status(Shape):
    is_public: bool


class _PolicyStatus(Shape):
    policy_status: _Status


_GET_STATUS = Operation(
    service="s3", name="get_bucket_policy_status", shape=_PolicyStatus, action="s3:GetBucketPolicyStatus",
    absent=("NoSuchBucketPolicy",),
)  # fmt: skip


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    policy = bucket_policy(bucket, facts)
    if policy is None:
        return passed(bucket, "the bucket has no policy: none lets anybody in")
    public = [statement for statement in policy if statement.lets_anybody_in]
    if public:
        return failed(bucket, "the bucket's policy lets anybody in", expected="nobody", got=f"statement {sids(public)}")
    # A policy that is there has a status; that it has none is nothing to rely on.
    if aws(facts).need(_GET_STATUS, Bucket=bucket).policy_status.is_public:
        return failed(bucket, "AWS holds the bucket's policy for public", expected="not public", got="public")
    return passed(bucket, "the bucket's policy lets nobody in whom it does not name")


CHECK = Check(
    id="S3_NOT_PUBLIC",
    question="Is every bucket's policy free of statements that let anybody in?",
    why="whoever knows or guesses the bucket's name can read what is in it",
    remedy=(
        "name accounts or roles instead of * as Principal, or narrow the statement with StringEquals on "
        "aws:PrincipalOrgID or aws:SourceVpce; to see it: `aws s3api get-bucket-policy --bucket {subject} "
        "--query Policy --output text`"
    ),
    severity=Severity.CRITICAL,
    standards=(
        *("NIST 800-53 AC-3", "NIST 800-53 AC-21", "ISO 27001 A.8.3", "SOC 2 CC6.1", "AWS FSBP S3.2", "AWS FSBP S3.3"),
        "MITRE ATLAS AML.T0025",
    ),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(GET_BUCKET_POLICY, _GET_STATUS),
)
