"""Each bucket keeps the versions of its objects.

What was scanned is pinned by version; without versions the pinned bytes are gone as soon as somebody overwrites them.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html: a bucket that never kept versions answers
without a status.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_ON = "Enabled"


class _Versioning(Shape):
    status: str = "never enabled"


_GET = Operation(service="s3", name="get_bucket_versioning", shape=_Versioning, action="s3:GetBucketVersioning")


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    status = aws(facts).need(_GET, Bucket=bucket).status
    if status == _ON:
        return passed(bucket, "the bucket keeps the versions of its objects", expected=_ON, got=status)
    return failed(bucket, "the bucket does not keep the versions of its objects", expected=_ON, got=status)


CHECK = Check(
    id="S3_VERSIONING",
    question="Does every bucket keep the versions of its objects?",
    why="data that was scanned can be replaced before training, and nobody can show what it was",
    remedy="`aws s3api put-bucket-versioning --bucket {subject} --versioning-configuration Status=Enabled`",
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 SI-7", "NIST 800-53 CP-9", "ISO 27001 A.8.13", "AWS FSBP S3.14"),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(_GET,),
)
