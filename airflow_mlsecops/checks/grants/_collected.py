"""The estate that AWS' answers show: what nobody could see of it is not observed, and told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from airflow_mlsecops.checks._iam import GET_POLICY, GET_POLICY_VERSION
from airflow_mlsecops.checks._kms import DESCRIBE_KEY, GET_KEY_POLICY, LIST_GRANTS
from airflow_mlsecops.checks._s3 import (
    GET_BLOCK,
    GET_BUCKET_ACL,
    GET_BUCKET_ENCRYPTION,
    GET_BUCKET_LOCATION,
    GET_BUCKET_POLICY,
    GET_OWNERSHIP,
)
from airflow_mlsecops.checks._s3_control import (
    GET_ACCOUNT_BLOCK,
    GET_POINT,
    GET_POINT_POLICY,
    LIST_ACCESS_GRANTS,
    LIST_MULTI_REGION,
    LIST_POINTS,
)
from airflow_mlsecops.checks._sts import AUDITOR
from airflow_mlsecops.checks.grants import _bucket
from airflow_mlsecops.checks.grants._bucket import Home
from airflow_mlsecops.checks.grants._estate import Account, Bucket, Estate
from airflow_mlsecops.checks.grants._identities import GET_EVERYBODY, identities
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.checks.grants._key import key
from airflow_mlsecops.checks.grants._organisation import (
    DESCRIBE_ORGANIZATION,
    DESCRIBE_POLICY,
    LIST_PARENTS,
    LIST_POLICIES,
    levels,
)
from airflow_mlsecops.checks.grants._side_doors import (
    access_grants,
    by_another_name,
    multi_region,
    points_of_others,
)
from airflow_mlsecops.core.aws import Operation
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.grant import Grant
from airflow_mlsecops.core.unseen import NotObserved

# Every kind of question, with the permission that it needs.
READS: tuple[Operation[Any], ...] = (
    AUDITOR, GET_BUCKET_LOCATION, GET_BUCKET_POLICY, GET_OWNERSHIP, GET_BUCKET_ACL, GET_BLOCK, GET_ACCOUNT_BLOCK,
    LIST_POINTS, GET_POINT, GET_POINT_POLICY, GET_BUCKET_ENCRYPTION,
    DESCRIBE_KEY, GET_KEY_POLICY, LIST_GRANTS, GET_EVERYBODY, GET_POLICY, GET_POLICY_VERSION, DESCRIBE_ORGANIZATION,
    LIST_PARENTS, LIST_POLICIES, DESCRIBE_POLICY, LIST_MULTI_REGION, LIST_ACCESS_GRANTS,
)  # fmt: skip
OWNER = "the bucket's owner"  # stands for an account that nobody could tell


@dataclass(frozen=True, slots=True)
class Collected:
    """What there is to judge.

    :param besides: ways in that no policy shows
    :param sure: false if the bucket may be another account's, to whose people other rules apply
    """

    estate: Estate
    besides: tuple[Grant, ...]
    sure: bool


def collected(inquiry: Inquiry, uri: str, people: tuple[str, ...]) -> Collected:
    """All that decides who can read a dataset.

    :param people: globs over the names of roles that people use
    :raises ValueError: if the URI names no bucket
    """
    name, _, path = parse(uri).path.partition("/")
    at = _bucket.home(inquiry, name)
    bucket = _the_bucket(inquiry, name, path, at)
    estate = Estate(bucket=bucket, accounts=_accounts(inquiry, name, at), people=people)
    besides = (
        *multi_region(inquiry, name, at),
        *access_grants(inquiry, bucket, at),
        *points_of_others(bucket),
        *by_another_name(inquiry, name),
    )
    return Collected(estate, besides, not isinstance(at.ours, NotObserved))


def _the_bucket(inquiry: Inquiry, name: str, path: str, at: Home) -> Bucket:
    lists = _bucket.acls(inquiry, name)
    return Bucket(
        name=name,
        account=OWNER if at.ours is False or not at.account else at.account,
        prefix=f"{path.rstrip('/')}/" if path else "",
        itself=path if not path.endswith("/") else "",
        region=at.region,
        policy=_bucket.policy(inquiry, name),
        access_points=_bucket.access_points(inquiry, name, at),
        key=key(inquiry, name, at.region),
        block=_bucket.block(inquiry, name),
        acls=lists,
        readers=NotObserved(why="each object has a list of its own") if lists else (),
    )


def _accounts(inquiry: Inquiry, bucket: str, at: Home) -> tuple[Account, ...]:
    """The account of whoever looks, all that can be looked into."""
    inside = identities(inquiry, at.account or OWNER)
    owner = _bucket.owner(inquiry, bucket)
    if at.ours is False:
        another = NotObserved(why="the bucket is another account's, into which nobody can look")
        inquiry.hide(f"Who there is in the account of bucket {bucket}", another)
    if not at.account:
        return ()
    scps, rcps = levels(inquiry, at.account)
    account = Account(
        id=at.account,
        canonical=owner if at.ours is True else "",
        identities=inside,
        scps=scps,
        rcps=rcps,
        block=_bucket.account_block(inquiry, at.account),
    )
    return (account,)
