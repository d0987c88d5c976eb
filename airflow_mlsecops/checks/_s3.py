"""Buckets of S3: the questions, and what is read of their answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import Field

from airflow_mlsecops.checks._aws import aws
from airflow_mlsecops.checks._statements import Principal, Statement, statements
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.unseen import NotObserved, Unseen

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
_ANYBODY = Principal(kind="AWS", name="*")


class Flags(Shape):
    """The four settings of Block Public Access; what is not said is off."""

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    @property
    def off(self) -> tuple[str, ...]:
        """Those that are off, as AWS names them."""
        return tuple(name for name, on in self.model_dump(by_alias=True).items() if not on)


class PublicAccessBlock(Shape):
    """Answer of GetPublicAccessBlock, of an account or of a bucket."""

    public_access_block_configuration: Flags


NO_PUBLIC_ACCESS_BLOCK = "NoSuchPublicAccessBlockConfiguration"
GET_BLOCK = Operation(
    service="s3", name="get_public_access_block", shape=PublicAccessBlock, action="s3:GetBucketPublicAccessBlock",
    absent=(NO_PUBLIC_ACCESS_BLOCK,),
)  # fmt: skip


class Policy(Shape):
    """Answer of GetBucketPolicy, of GetAccessPointPolicy and of GetKeyPolicy: a JSON document as text."""

    policy: str


GET_BUCKET_POLICY = Operation(
    service="s3", name="get_bucket_policy", shape=Policy, action="s3:GetBucketPolicy", absent=("NoSuchBucketPolicy",)
)


def bucket_policy(bucket: str, facts: Facts) -> tuple[Statement, ...] | None:
    """The statements of a bucket's policy; ``None`` if it has none.

    :raises Unseen: if nobody could look, or nobody can read it
    """
    found = aws(facts).ask(GET_BUCKET_POLICY, Bucket=bucket)
    return None if found is None else statements(found.policy, f"the policy of bucket {bucket}")


def denies_everybody(statement: Statement, action: str, resource: str) -> bool:
    """True if a statement denies an action on all of a resource to everybody, but for its conditions.

    :param resource: an ARN or, ending in a star, all ARNs that begin so
    """
    excepts = statement.everybody_but or statement.not_actions or statement.not_resources
    if statement.allow or excepts or _ANYBODY not in statement.principals:
        return False
    return statement.does(action) and statement.covers(resource)


class Location(Shape):
    """Answer of GetBucketLocation."""

    location_constraint: str | None

    @property
    def region(self) -> str:
        """The region's name today; https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html."""
        return {None: "us-east-1", "EU": "eu-west-1"}.get(self.location_constraint) or str(self.location_constraint)


GET_BUCKET_LOCATION = Operation(service="s3", name="get_bucket_location", shape=Location, action="s3:GetBucketLocation")


def own_region(bucket: str, account: str, facts: Facts) -> str:
    """The region of a bucket that belongs to an account, whose lists show what else leads into the bucket.

    :raises Unseen: also if it is another account's: AWS refuses then
    """
    return aws(facts).need(GET_BUCKET_LOCATION, Bucket=bucket, ExpectedBucketOwner=account).region


class Default(Shape):
    """How objects are encrypted where their writer does not say."""

    algorithm: str = Field(alias="SSEAlgorithm")
    key: str = Field(default="", alias="KMSMasterKeyID")


class EncryptionRule(Shape):
    """One rule of a bucket's encryption."""

    apply_server_side_encryption_by_default: Default | None = None


class EncryptionRules(Shape):
    """Rules of a bucket's encryption."""

    rules: tuple[EncryptionRule, ...]


class Encryption(Shape):
    """Answer of GetBucketEncryption."""

    server_side_encryption_configuration: EncryptionRules

    @property
    def defaults(self) -> tuple[Default | None, ...]:
        """What each rule says."""
        return tuple(
            rule.apply_server_side_encryption_by_default for rule in self.server_side_encryption_configuration.rules
        )


GET_BUCKET_ENCRYPTION = Operation(
    service="s3", name="get_bucket_encryption", shape=Encryption, action="s3:GetEncryptionConfiguration",
    absent=("ServerSideEncryptionConfigurationNotFoundError",),
)  # fmt: skip


class OwnershipRule(Shape):
    """One rule of who owns the objects of a bucket."""

    object_ownership: str


class OwnershipRules(Shape):
    """Rules of who owns the objects of a bucket."""

    rules: tuple[OwnershipRule, ...]


class Ownership(Shape):
    """Answer of GetBucketOwnershipControls."""

    ownership_controls: OwnershipRules

    @property
    def enforced(self) -> bool:
        """True if every rule, and at least one, makes access control lists count for nothing."""
        return {rule.object_ownership for rule in self.ownership_controls.rules} == {OWNER_ENFORCED}


OWNER_ENFORCED = "BucketOwnerEnforced"
GET_OWNERSHIP = Operation(
    service="s3", name="get_bucket_ownership_controls", shape=Ownership, action="s3:GetBucketOwnershipControls",
    absent=("OwnershipControlsNotFoundError",),
)  # fmt: skip


class Owner(Shape):
    """Whose a bucket is, by canonical id."""

    id: str = Field(alias="ID")


class Grantee(Shape):
    """Whom an ACL lets in."""

    type: str
    id: str = Field(default="", alias="ID")
    uri: str = Field(default="", alias="URI")


class Grant(Shape):
    """One line of an ACL."""

    grantee: Grantee


class Acl(Shape):
    """Answer of GetBucketAcl."""

    owner: Owner
    grants: tuple[Grant, ...]


GET_BUCKET_ACL = Operation(service="s3", name="get_bucket_acl", shape=Acl, action="s3:GetBucketAcl")


class Listing(Shape):
    """An answer that may go on, of an operation that boto3 does not read to its end."""

    next_token: str = ""
    is_truncated: bool = False


L = TypeVar("L", bound=Listing)


def whole(listing: L, what: str) -> L:
    """The listing, if nothing is left out.

    :raises Unseen: if it goes on
    """
    if listing.next_token or listing.is_truncated:
        raise Unseen(what, NotObserved(why="there are more of them than AWS lists at once"))
    return listing


def bucket_in_arn(arn: str) -> str:
    """The bucket that an ARN names (``arn:aws:s3:::b``); the text itself where it is no such ARN."""
    prefix, _, name = arn.partition(":s3:::")
    return name if name and prefix.startswith("arn:") else arn


def with_lists(*names: str) -> Any:
    """What is kept of an answer in which AWS leaves out what is empty: the same, and that it is empty."""

    def keep(answer: dict[str, Any]) -> dict[str, Any]:
        return {**{name: [] for name in names}, **answer}

    return keep


def sids(found: Iterable[Statement]) -> str:
    """Names of statements, for messages."""
    return ", ".join(sorted({statement.name for statement in found}))
