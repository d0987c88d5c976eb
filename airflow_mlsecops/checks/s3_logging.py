"""Each bucket's requests are logged, into a bucket of this environment.

This asks for server access logging only; CLOUDTRAIL_DATA_EVENTS asks for the other record of who read what.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html: a bucket that does not log answers without
``LoggingEnabled``.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "logs in a bucket of this environment"


class _Target(Shape):
    target_bucket: str


class _Logging(Shape):
    logging_enabled: _Target | None = None


_GET = Operation(service="s3", name="get_bucket_logging", shape=_Logging, action="s3:GetBucketLogging")


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    target = aws(facts).need(_GET, Bucket=bucket).logging_enabled
    if target is None:
        return failed(bucket, "requests to the bucket are not logged", expected=_EXPECTED, got="no logging")
    got = target.target_bucket
    if not fits(got, listed(profile(demand).buckets, "buckets")):
        return failed(bucket, "requests are logged outside this environment", expected=_EXPECTED, got=got)
    return passed(bucket, "requests to the bucket are logged in this environment", expected=_EXPECTED, got=got)


CHECK = Check(
    id="S3_LOGGING",
    question="Are requests to every bucket logged in this environment?",
    why="without a record of requests nobody can show who read the data",
    remedy=(
        '`aws s3api put-bucket-logging --bucket {subject} --bucket-logging-status \'{"LoggingEnabled": '
        '{"TargetBucket": "<a bucket under aws.buckets>", "TargetPrefix": "{subject}/"}}\'`'
    ),
    severity=Severity.MEDIUM,
    standards=(*("NIST 800-53 AU-2", "NIST 800-53 AU-12", "ISO 27001 A.8.15", "SOC 2 CC7.2", "AWS FSBP S3.9"),),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(_GET,),
)
