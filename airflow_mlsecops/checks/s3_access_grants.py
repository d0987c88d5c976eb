"""S3 Access Grants let roles of this environment and its partners into a bucket, and no people.

Grants hand out credentials beside policies and ACLs. Those of the bucket's region, in the account of whoever looks, are
read; a grant whose place cannot be told counts as one of this bucket. Users of IAM, and users and groups of a
directory, are people, who have no business with data on its way to a model.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._accounts import insiders, owner
from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, profile
from airflow_mlsecops.checks._people import person
from airflow_mlsecops.checks._s3 import GET_BUCKET_LOCATION, own_region, whole
from airflow_mlsecops.checks._s3_control import LIST_ACCESS_GRANTS, AccessGrant, Grantee
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.checks._statements import wildcard
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "roles of this environment and its partners"


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    account = audited_account(facts, demand)
    found = aws(facts).ask(LIST_ACCESS_GRANTS, own_region(bucket, account, facts), AccountId=account)
    if found is None:
        return passed(bucket, "the account uses no access grants in the bucket's region", expected=_EXPECTED)
    grants = [one for one in whole(found, "all access grants").access_grants_list if _opens(one, bucket)]
    strangers = sorted({_name(one.grantee) for one in grants if not _inside(one.grantee, demand)})
    if strangers:
        got = ", ".join(strangers)
        return failed(bucket, "access grants let others into the bucket", expected=_EXPECTED, got=got)
    return passed(bucket, f"{len(grants):,} access grants let this environment and its partners in", expected=_EXPECTED)


def _opens(grant: AccessGrant, bucket: str) -> bool:
    """True if a grant's scope holds something of a bucket, or cannot be told."""
    name, _ = grant.place
    return not name or wildcard(name, bucket)


def _inside(grantee: Grantee, demand: Demand) -> bool:
    name = grantee.grantee_identifier
    is_ours = grantee.grantee_type == "IAM" and owner(name) in insiders(demand)
    return is_ours and not person(name, profile(demand).people)


def _name(grantee: Grantee) -> str:
    return f"{grantee.grantee_type} {grantee.grantee_identifier}"


CHECK = Check(
    id="S3_ACCESS_GRANTS",
    question="Do access grants let only this environment and its partners into the buckets?",
    why="a grant hands out credentials for the data that neither the bucket's policy nor IAM shows",
    remedy=(
        "`aws s3control delete-access-grant --account-id <account> --access-grant-id <id>`; to see them: "
        "`aws s3control list-access-grants --account-id <account> --grant-scope 's3://{subject}/*'`"
    ),
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 AC-3", "NIST 800-53 AC-6", "ISO 27001 A.5.15", "SOC 2 CC6.3"),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(AUDITOR, GET_BUCKET_LOCATION, LIST_ACCESS_GRANTS),
)
