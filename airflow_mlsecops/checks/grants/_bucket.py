"""What a bucket says itself: whose it is, where it lies, its policy, its lists, its blocks and its access points."""

from __future__ import annotations

from dataclasses import dataclass

from airflow_mlsecops.checks._s3 import (
    GET_BLOCK,
    GET_BUCKET_ACL,
    GET_BUCKET_LOCATION,
    GET_BUCKET_POLICY,
    GET_OWNERSHIP,
    Flags,
    PublicAccessBlock,
    whole,
)
from airflow_mlsecops.checks._s3 import Policy as Text
from airflow_mlsecops.checks._s3_control import (
    GET_ACCOUNT_BLOCK,
    GET_POINT,
    GET_POINT_POLICY,
    LIST_POINTS,
)
from airflow_mlsecops.checks._s3_control import AccessPoint as Point
from airflow_mlsecops.checks._sts import AUDITOR
from airflow_mlsecops.checks.grants._estate import AccessPoint, Block, Policy
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.core.unseen import NotObserved, Unseen

UNSEEN_NETWORK = "a network that nobody could see"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a bucket lies.

    :param account: of whoever looks; empty if nobody could tell
    :param ours: whether it is that account's
    :param region: empty if nobody could tell
    :param partition: the part of AWS
    """

    account: str
    ours: bool | NotObserved
    region: str
    partition: str = "aws"


def home(inquiry: Inquiry, bucket: str) -> Home:
    """Whose a bucket is, and where.

    AWS refuses to say where a bucket lies whose owner is another than expected; if it says so as soon as no owner is
    expected, that is the reason. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    """
    auditor = inquiry.need("The account of whoever looks", AUDITOR)
    if isinstance(auditor, NotObserved):
        return Home(account="", ours=NotObserved(why="nobody could see the account of whoever looks"), region="")
    ours, region = _ours(inquiry, bucket, auditor.account)
    return Home(account=auditor.account, ours=ours, region=region, partition=auditor.arn.split(":")[1])


def _ours(inquiry: Inquiry, bucket: str, account: str) -> tuple[bool | NotObserved, str]:
    what = f"Whether bucket {bucket} is account {account}'s"
    try:
        return True, inquiry.aws.need(GET_BUCKET_LOCATION, Bucket=bucket, ExpectedBucketOwner=account).region
    except Unseen as end:
        refused = end
    if refused.wants:
        return inquiry.missing(what, refused), ""
    try:
        return False, inquiry.aws.need(GET_BUCKET_LOCATION, Bucket=bucket).region
    except Unseen as end:
        return inquiry.missing(what, end), ""


def policy(inquiry: Inquiry, bucket: str) -> Policy | None:
    """What a bucket's policy says."""
    what = f"the policy of bucket {bucket}"
    found = inquiry.ask(f"The policy of bucket {bucket}", GET_BUCKET_POLICY, Bucket=bucket)
    return _read(inquiry, what, found)


def _read(inquiry: Inquiry, what: str, found: Text | NotObserved | None) -> Policy | None:
    if isinstance(found, NotObserved):
        return Policy(name=what, statements=found)
    return None if found is None else inquiry.changeable(what, found.policy)


def block(inquiry: Inquiry, bucket: str) -> Block | NotObserved:
    """What of public access a bucket blocks."""
    return _block(inquiry.ask(f"What of public access bucket {bucket} blocks", GET_BLOCK, Bucket=bucket))


def account_block(inquiry: Inquiry, account: str) -> Block | NotObserved:
    """What of public access an account blocks."""
    return _block(inquiry.ask(f"What of public access account {account} blocks", GET_ACCOUNT_BLOCK, AccountId=account))


def _block(found: PublicAccessBlock | NotObserved | None) -> Block | NotObserved:
    if isinstance(found, NotObserved):
        return found
    return Block() if found is None else _flags(found.public_access_block_configuration)


def _flags(flags: Flags) -> Block:
    return Block(ignore_acls=flags.ignore_public_acls, restrict=flags.restrict_public_buckets)


def acls(inquiry: Inquiry, bucket: str) -> bool:
    """Whether the lists of the objects count; then each has one of its own, and nobody reads those here."""
    what = f"Whether access control lists count in bucket {bucket}"
    found = inquiry.ask(what, GET_OWNERSHIP, Bucket=bucket)
    if isinstance(found, NotObserved):
        return True
    if found and found.enforced:
        return False
    unread = NotObserved(why="each object has one, and whoever looks at a bucket does not read them")
    inquiry.hide(f"Whom the access control lists of objects of bucket {bucket} let in", unread)
    return True


def owner(inquiry: Inquiry, bucket: str) -> str:
    """The canonical id of a bucket's owner; empty if nobody could tell."""
    found = inquiry.need(f"The canonical id of the owner of bucket {bucket}", GET_BUCKET_ACL, Bucket=bucket)
    return "" if isinstance(found, NotObserved) else found.owner.id


def access_points(inquiry: Inquiry, bucket: str, at: Home) -> tuple[AccessPoint, ...] | NotObserved:
    """The bucket's other names, in the account of its owner."""
    what = f"Which access points lead into bucket {bucket}"
    if not at.region or at.ours is not True:
        missing = NotObserved(why="they are listed to its owner, in its region, and nobody could see both")
        inquiry.hide(what, missing)
        return missing
    params = {"AccountId": at.account, "Bucket": bucket}
    found = inquiry.told(what, lambda: whole(inquiry.aws.need(LIST_POINTS, at.region, **params), what))
    if isinstance(found, NotObserved):
        return found
    return tuple(_point(inquiry, one.name, at) for one in found.access_point_list)


def _point(inquiry: Inquiry, name: str, at: Home) -> AccessPoint:
    which = {"AccountId": at.account, "Name": name}
    said = inquiry.need(f"From where access point {name} leads in", GET_POINT, at.region, **which)
    text = inquiry.ask(f"The policy of access point {name}", GET_POINT_POLICY, at.region, **which)
    arn = f"arn:{at.partition}:s3:{at.region}:{at.account}:accesspoint/{name}"
    policy = _read(inquiry, f"the policy of access point {name}", text)
    if isinstance(said, NotObserved):
        return AccessPoint(arn=arn, policy=policy, vpc=UNSEEN_NETWORK)
    flags = said.public_access_block_configuration
    return AccessPoint(
        arn=arn,
        policy=policy,
        vpc=_network(said),
        block=_flags(flags) if flags else NotObserved(why="AWS did not say what the access point blocks"),
        since=said.creation_date[:10],
    )


def _network(said: Point) -> str:
    return "" if said.network_origin == "Internet" else said.vpc or UNSEEN_NETWORK
