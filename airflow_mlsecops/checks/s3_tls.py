"""Each bucket's policy denies everybody whatever is asked of it in plain text.

S3 answers over HTTP as well unless a statement denies it. The deny must cover the bucket and all of its objects, for
all actions and all principals, on the sole condition ``aws:SecureTransport`` = false. A minimum of ``s3:TlsVersion``
does not do: that key is missing from a request in plain text, and a comparison of numbers with what is missing fails.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html#transit
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import each
from airflow_mlsecops.checks._s3 import GET_BUCKET_POLICY, PARTITIONS, bucket_policy, denies_everybody
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.checks._statements import Statement
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "a Deny of s3:* to * on the bucket and its objects where aws:SecureTransport is false"


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    policy = bucket_policy(bucket, facts)
    if policy is None:
        return failed(bucket, "the bucket has no policy: it answers in plain text", expected=_EXPECTED)
    denies = [statement for statement in policy if _only_plain_text(statement)]
    if any(_cover(denies, f"arn:{partition}:s3:::{bucket}") for partition in PARTITIONS):
        return passed(bucket, "the bucket answers nothing in plain text", expected=_EXPECTED)
    return failed(bucket, "the bucket's policy does not keep it from answering in plain text", expected=_EXPECTED)


def _only_plain_text(statement: Statement) -> bool:
    """True if plain text is its one condition: any further one would leave some plain text allowed."""
    said = [(operator, dict(keys)) for operator, keys in statement.conditions.items()]
    return said in (
        [("bool", {"aws:securetransport": ("false",)})],
        [("boolifexists", {"aws:securetransport": ("false",)})],
    )


def _cover(denies: list[Statement], arn: str) -> bool:
    return all(any(denies_everybody(one, "s3:*", resource) for one in denies) for resource in (arn, f"{arn}/*"))


CHECK = Check(
    id="S3_TLS",
    question="Does every bucket refuse to answer in plain text?",
    why="data and signatures that cross a network in plain text can be read on the way",
    remedy=(
        'add to the policy of {subject} (`aws s3api put-bucket-policy`): {"Sid": "TlsOnly", "Effect": '
        '"Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::{subject}", '
        '"arn:aws:s3:::{subject}/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}'
    ),
    severity=Severity.HIGH,
    standards=(
        *("NIST 800-53 AC-17(2)", "NIST 800-53 SC-8", "ISO 27001 A.8.24", "SOC 2 CC6.7", "CIS AWS 5.0 2.1.1"),
        *("AWS FSBP S3.5", "GDPR Art. 32"),
    ),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(GET_BUCKET_POLICY,),
)
