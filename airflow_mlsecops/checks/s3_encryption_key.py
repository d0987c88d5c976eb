"""What is written to a bucket is encrypted with a key of this environment.

S3's own keys, and the key ``aws/s3`` that is meant where no key is named, open for everybody who may read the bucket: a
key of the environment is a second lock, with a policy of its own. What a writer encrypts otherwise is not seen here.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html; aliases:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._kms import DESCRIBE_KEY, key_trouble
from airflow_mlsecops.checks._s3 import GET_BUCKET_ENCRYPTION, Default
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_KMS = ("aws:kms", "aws:kms:dsse")
_EXPECTED = "aws:kms with a key of this environment"


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    found = aws(facts).ask(GET_BUCKET_ENCRYPTION, Bucket=bucket)
    rules = found.defaults if found else ()
    if not rules:
        return failed(bucket, "the bucket has no default encryption", expected=_EXPECTED)
    for rule in rules:
        if trouble := _trouble(rule, facts, demand):
            got = f"{rule.algorithm} {rule.key}".rstrip() if rule else "none"
            return failed(bucket, f"the default encryption will not do: {trouble}", expected=_EXPECTED, got=got)
    return passed(bucket, "the bucket encrypts with a key of this environment", expected=_EXPECTED)


def _trouble(rule: Default | None, facts: Facts, demand: Demand) -> str:
    if rule is None:
        return "a rule says nothing of it"
    if rule.algorithm not in _KMS:
        return "the key is S3's own"
    if rule.key.startswith("alias/"):
        return "an alias means a key of whoever writes, in his own account: name the key by its ARN"
    return key_trouble(rule.key, facts, demand) if rule.key else "no key is named, which means AWS' own"


CHECK = Check(
    id="S3_ENCRYPTION_KEY",
    question="Is every bucket encrypted with a key of this environment?",
    why="with a key that AWS manages, permission to read the bucket is all that stands before the data",
    remedy=(
        "`aws s3api put-bucket-encryption --bucket {subject} --server-side-encryption-configuration "
        '\'{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": '
        '"<ARN of a key under aws.keys>"}, "BucketKeyEnabled": true}]}\'`'
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-28(1)", "ISO 27001 A.8.24", "SOC 2 CC6.1", "AWS FSBP S3.17", "GDPR Art. 32"),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(GET_BUCKET_ENCRYPTION, DESCRIBE_KEY),
)
