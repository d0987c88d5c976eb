"""Bucket policies let in no accounts but those of this environment and its partners.

Read are named principals, canonical users, what ``*`` is narrowed to, and whom a service acts for. Deny statements are
not set off against what is allowed. A whole organisation is a stranger, for nobody lists its accounts, unless the
policy folder names it (``o-…``) among ``partners``; so is an address range. A service that may read for whomever
(CloudFront without ``aws:SourceArn``) stands for all accounts. That anybody at all is let in is S3_NOT_PUBLIC's.
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._accounts import foreign, insiders
from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, profile
from airflow_mlsecops.checks._s3 import GET_BUCKET_ACL, GET_BUCKET_POLICY, bucket_policy
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.checks._statements import Statement
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "accounts of this environment and its partners"


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    policy = bucket_policy(bucket, facts)
    if policy is None:
        return passed(bucket, "the bucket has no policy: none lets other accounts in", expected=_EXPECTED)
    own = (*insiders(demand), *profile(demand).vpcs, *profile(demand).endpoints, *_owner(policy, bucket, facts))
    strangers = {*foreign(policy, own), *(name for statement in policy for name in _for_anybody(statement))}
    if strangers:
        got = ", ".join(sorted(strangers))
        return failed(bucket, "the bucket's policy lets others in", expected=_EXPECTED, got=got)
    return passed(bucket, "the bucket's policy lets in this environment and its partners only", expected=_EXPECTED)


def _owner(policy: tuple[Statement, ...], bucket: str, facts: Facts) -> tuple[str, ...]:
    """The canonical id of the bucket's owner, where the policy speaks of canonical ids at all."""
    if any(principal.kind == "CanonicalUser" for statement in policy for principal in statement.principals):
        return (aws(facts).need(GET_BUCKET_ACL, Bucket=bucket).owner.id,)
    return ()


def _for_anybody(statement: Statement) -> tuple[str, ...]:
    """Services that may read objects on behalf of whomever."""
    if not statement.allow or statement.narrowed or not statement.does("s3:GetObject"):
        return ()
    return tuple(f"{one.name} for any account" for one in statement.principals if one.kind == "Service")


CHECK = Check(
    id="S3_FOREIGN_ACCOUNTS",
    question="Do bucket policies let in no accounts but this environment's and its partners'?",
    why="data leaves the environment through whatever account may read it",
    remedy=(
        "take the account out of the policy, or have it listed under aws.partners of this environment; to "
        "see it: `aws s3api get-bucket-policy --bucket {subject} --query Policy --output text`"
    ),
    severity=Severity.CRITICAL,
    standards=(
        *("NIST 800-53 AC-3", "NIST 800-53 AC-21", "ISO 27001 A.5.15", "ISO 27001 A.8.3", "SOC 2 CC6.1"),
        *("AWS FSBP S3.6", "MITRE ATLAS AML.T0025"),
    ),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(GET_BUCKET_POLICY, GET_BUCKET_ACL),
)
