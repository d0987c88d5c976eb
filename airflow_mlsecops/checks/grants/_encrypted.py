"""Whether a bucket refuses whatever is not to be encrypted with its key.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html shows the statement; one that lets pass
what says nothing of encryption is as good, for the bucket's default is its key. What lay there before the statement, or
was replicated into the bucket, was not refused: S3 Inventory lists how each object is encrypted
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airflow_mlsecops.checks._s3 import denies_everybody
from airflow_mlsecops.checks._statements import Statement
from airflow_mlsecops.checks.grants._conditions import Known, holds
from airflow_mlsecops.checks.grants._estate import Bucket, Estate, Key
from airflow_mlsecops.checks.grants._who import partition
from airflow_mlsecops.core.unseen import NotObserved

_HOW = "s3:x-amz-server-side-encryption"
_KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"
_OF_CUSTOMER = "s3:x-amz-server-side-encryption-customer-algorithm"
_ANOTHER = "\0another\0"  # stands for whatever no policy names
_NOTHING_SAID: Mapping[str, str | None] = dict.fromkeys((_HOW, _KEY, _OF_CUSTOMER))
_BY_KMS = ("aws:kms", "aws:kms:dsse")  # with a key that AWS manages, where none is named
_WITHOUT_KEY: tuple[Known, ...] = (
    *({**_NOTHING_SAID, _HOW: how} for how in ("AES256", *_BY_KMS, _ANOTHER)),
    {**_NOTHING_SAID, _OF_CUSTOMER: "AES256"},
)


def by_its_key_alone(estate: Estate) -> bool:
    """True if nobody can write an object of the dataset that is not encrypted with the bucket's key."""
    bucket = estate.bucket
    policy = bucket.policy
    if not isinstance(bucket.key, Key) or policy is None or isinstance(policy.statements, NotObserved):
        return False
    objects = tuple(f"arn:{partition(estate)}:s3:::{bucket.name}/{part}" for part in _parts(bucket))
    denials = tuple(
        one for one in policy.statements if all(denies_everybody(one, "s3:PutObject", each) for each in objects)
    )
    return all(any(_surely(one, known) for one in denials) for known in _WITHOUT_KEY) and any(
        _refuses_other_keys(one, bucket.key.arn) for one in denials
    )


def _parts(bucket: Bucket) -> Iterator[str]:
    yield f"{bucket.prefix}*"
    if bucket.itself:
        yield bucket.itself


def _refuses_other_keys(statement: Statement, key: str) -> bool:
    """True if one statement alone refuses every other key, those among them that it names or has a pattern of."""
    named = {value for keys in statement.conditions.values() for value in keys.get(_KEY, ())}
    others = {*named, _ANOTHER} - {key}
    return all(_surely(statement, {**_NOTHING_SAID, _HOW: how, _KEY: other}) for other in others for how in _BY_KMS)


def _surely(statement: Statement, known: Known) -> bool:
    return all(
        holds(operator, key, values, known) is True
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
    )
