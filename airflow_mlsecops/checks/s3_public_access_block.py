"""Each bucket itself blocks public access, in all four settings, whatever its account does.

AWS asks for both (S3.1 and S3.8): the account's settings may be lifted for one other bucket's sake.
https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._s3 import GET_BLOCK
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    found = aws(facts).ask(GET_BLOCK, Bucket=bucket)
    if found is None:
        return failed(bucket, "the bucket does not block public access at all", expected="all four settings on")
    off = ", ".join(found.public_access_block_configuration.off)
    if off:
        return failed(bucket, "the bucket blocks public access only in part", expected="all on", got=f"off: {off}")
    return passed(bucket, "the bucket blocks public access in all four settings")


CHECK = Check(
    id="S3_PUBLIC_ACCESS_BLOCK",
    question="Does each bucket block public access by itself?",
    why="a bucket that relies on its account's settings is open as soon as those are lifted",
    remedy=(
        "`aws s3api put-public-access-block --bucket {subject} --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-3", "NIST 800-53 AC-4(21)", "ISO 27001 A.8.3", "CIS AWS 5.0 2.1.4", "AWS FSBP S3.8"),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(GET_BLOCK,),
)
