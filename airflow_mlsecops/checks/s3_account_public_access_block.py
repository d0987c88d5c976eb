"""Block Public Access is on for the whole account, in all four settings.

Asked of the account of whoever looks. The account's settings also hold for buckets that are made tomorrow, which those
of a bucket (S3_PUBLIC_ACCESS_BLOCK) cannot.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._s3_control import GET_ACCOUNT_BLOCK
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _account(facts: Facts, demand: Demand) -> tuple[str, ...]:
    return (audited_account(facts, demand),)


def _judge(account: str, facts: Facts, demand: Demand) -> Answer:
    found = aws(facts).ask(GET_ACCOUNT_BLOCK, AccountId=account)
    if found is None:
        return failed(account, "the account does not block public access at all", expected="all four settings on")
    off = ", ".join(found.public_access_block_configuration.off)
    if off:
        return failed(account, "the account blocks public access only in part", expected="all on", got=f"off: {off}")
    return passed(account, "the account blocks public access in all four settings")


CHECK = Check(
    id="S3_ACCOUNT_PUBLIC_ACCESS_BLOCK",
    question="Does the account block public access to all of its buckets?",
    why="one policy or ACL written by mistake makes a bucket public where nothing stands above it",
    remedy=(
        "`aws s3control put-public-access-block --account-id {subject} --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`"
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-3", "NIST 800-53 AC-4(21)", "ISO 27001 A.8.3", "CIS AWS 5.0 2.1.4", "AWS FSBP S3.1"),
    ask=each(_account, _judge, none=lambda: not_applicable("aws", "there is no account")),
    reads=(AUDITOR, GET_ACCOUNT_BLOCK),
)
