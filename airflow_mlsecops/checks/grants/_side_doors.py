"""Ways into a bucket that no policy shows, told without being followed: who comes through them only may be.

Multi-Region Access Points: https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPoints.html.
S3 Access Grants: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants.html.
Access points of other accounts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._accounts import owner
from airflow_mlsecops.checks._narrowing import holds_off
from airflow_mlsecops.checks._s3 import whole
from airflow_mlsecops.checks._s3_control import LIST_ACCESS_GRANTS, LIST_MULTI_REGION, AccessGrant, AccessGrants
from airflow_mlsecops.checks._statements import Statement
from airflow_mlsecops.checks.grants._aws_commands import command
from airflow_mlsecops.checks.grants._bucket import Home
from airflow_mlsecops.checks.grants._conditions import holds
from airflow_mlsecops.checks.grants._estate import Bucket
from airflow_mlsecops.checks.grants._globs import within
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.checks.grants._readers import ACTIONS, STRAIGHT
from airflow_mlsecops.core.grant import Grant, Kind
from airflow_mlsecops.core.unseen import NotObserved

_HOME_OF_MULTI_REGION = "us-west-2"
_NO_BUCKETS = {
    "-s3alias": "an access point, and not of its bucket",
    "--ol-s3": "an access point that changes what is read",
    ".mrap": "an access point of several regions",
    "--x-s3": "a directory bucket, to which s3express:CreateSession lets in",
    "--xa-s3": "an access point of a directory bucket",
    "--table-s3": "a bucket of tables",
}


def multi_region(inquiry: Inquiry, bucket: str, at: Home) -> Iterator[Grant]:
    """Whoever comes through an access point of several regions; there are none but in AWS' greatest part."""
    if not at.account or at.partition != "aws":
        return
    what = f"Which Multi-Region Access Points lead into bucket {bucket}"
    params = {"AccountId": at.account}
    found = inquiry.told(
        what, lambda: whole(inquiry.aws.need(LIST_MULTI_REGION, _HOME_OF_MULTI_REGION, **params), what)
    )
    for one in () if isinstance(found, NotObserved) else found.access_points:
        if any(region.bucket == bucket for region in one.regions):
            how = (f"Multi-Region Access Point {one.name}, whose policy is not looked at", f"bucket {bucket}")
            yield Grant(principal="*", kind=Kind.UNTOLD, sure=False, how=how, since=one.created_at[:10])


def access_grants(inquiry: Inquiry, bucket: Bucket, at: Home) -> Iterator[Grant]:
    """Whoever is given credentials for a part of the dataset."""
    what = f"Whom S3 Access Grants let into bucket {bucket.name}"
    if not at.region:
        inquiry.hide(what, NotObserved(why="nobody could see the region of the bucket"))
        return
    params = {"AccountId": at.account}

    def asked() -> AccessGrants | None:
        listed = inquiry.aws.ask(LIST_ACCESS_GRANTS, at.region, **params)
        return listed and whole(listed, what)

    found = inquiry.told(what, asked)
    for one in () if found is None or isinstance(found, NotObserved) else found.access_grants_list:
        if one.permission != "WRITE" and _opens(one, bucket):
            yield _granted(one, at)


def _opens(grant: AccessGrant, bucket: Bucket) -> bool:
    """True if a grant's scope holds something of the dataset, or cannot be told."""
    name, path = grant.place
    if not name:
        return True
    parts = [f"{bucket.prefix}*", *((bucket.itself,) if bucket.itself else ())]
    return within(bucket.name, name) is not False and any(within(part, path or "*") is not False for part in parts)


def _granted(one: AccessGrant, at: Home) -> Grant:
    which = {"region": at.region, "account_id": at.account, "access_grant_id": one.access_grant_id}
    kind = Kind.UNTOLD if one.grantee.grantee_type == "IAM" else Kind.PERSON
    return Grant(
        principal=one.grantee.grantee_identifier,
        kind=kind,
        sure=False,
        how=(f"S3 Access Grant {one.access_grant_id}", f"{one.permission} on {one.grant_scope or 'its location'}"),
        undo=command("s3control", "delete-access-grant", **which),
        since=one.created_at[:10],
    )


def by_another_name(inquiry: Inquiry, name: str) -> Iterator[Grant]:
    """Whoever reads what is not called as policies call it, or is read by other actions than objects of a bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html keeps these endings for AWS.
    """
    what = next((told for ending, told in _NO_BUCKETS.items() if name.endswith(ending)), "")
    if what:
        inquiry.hide(f"Whom policies let into {name}", NotObserved(why=f"it is the name of {what}"))
        how = (f"{name}, which is the name of {what}",)
        yield Grant(principal="*", kind=Kind.UNTOLD, sure=False, how=how)


def points_of_others(bucket: Bucket) -> Iterator[Grant]:
    """Whoever comes through an access point that another account made, where a statement lets such in."""
    policy = bucket.policy
    for one in () if policy is None or isinstance(policy.statements, NotObserved) else policy.statements:
        if one.allow and any(map(one.does, ACTIONS)) and _by_points_of_others(one, bucket.account):
            how = (
                "access points of other accounts, which nobody could list",
                f"statement {one.name} of the bucket policy",
            )
            yield Grant(principal="*", kind=Kind.UNTOLD, sure=False, how=how)


def _by_points_of_others(statement: Statement, account: str) -> bool:
    """True if a statement lets in through access points only, and none of its conditions keeps to the account's own."""
    conditions = [
        (operator, key, values)
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
        if key in STRAIGHT
    ]
    if not any(holds(*one, STRAIGHT) is False for one in conditions):
        return False
    return not any(holds_off(*one) and {owner(value) for value in one[2]} == {account} for one in conditions)
