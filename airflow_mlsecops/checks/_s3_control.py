"""What an account keeps of S3 beside its buckets: its own block, access points and access grants."""

from __future__ import annotations

from airflow_mlsecops.checks._s3 import NO_PUBLIC_ACCESS_BLOCK, Flags, Listing, Policy, PublicAccessBlock
from airflow_mlsecops.core.aws import Operation, Shape

GET_ACCOUNT_BLOCK = Operation(
    service="s3control", name="get_public_access_block", shape=PublicAccessBlock,
    action="s3:GetAccountPublicAccessBlock", absent=(NO_PUBLIC_ACCESS_BLOCK,),
)  # fmt: skip


class Listed(Shape):
    """An access point, in a list of them."""

    name: str


class AccessPoints(Listing):
    """Answer of ListAccessPoints."""

    access_point_list: tuple[Listed, ...]


class Network(Shape):
    """The VPC that an access point answers to."""

    vpc_id: str = ""


class AccessPoint(Shape):
    """Answer of GetAccessPoint."""

    network_origin: str
    vpc_configuration: Network | None = None
    public_access_block_configuration: Flags | None = None
    creation_date: str = ""

    @property
    def vpc(self) -> str:
        """The id of the only network that it answers to; empty where AWS names none."""
        return self.vpc_configuration.vpc_id if self.vpc_configuration else ""


LIST_POINTS = Operation(
    service="s3control", name="list_access_points", shape=AccessPoints, action="s3:ListAccessPoints"
)
GET_POINT = Operation(service="s3control", name="get_access_point", shape=AccessPoint, action="s3:GetAccessPoint")
GET_POINT_POLICY = Operation(
    service="s3control", name="get_access_point_policy", shape=Policy, action="s3:GetAccessPointPolicy",
    absent=("NoSuchAccessPointPolicy",),
)  # fmt: skip


class RegionOfPoint(Shape):
    """One region's part of an access point of several regions."""

    bucket: str


class MultiRegionPoint(Shape):
    """An access point of several regions."""

    name: str
    created_at: str = ""
    regions: tuple[RegionOfPoint, ...]


class MultiRegionPoints(Listing):
    """Answer of ListMultiRegionAccessPoints."""

    access_points: tuple[MultiRegionPoint, ...]


LIST_MULTI_REGION = Operation(
    service="s3control", name="list_multi_region_access_points", shape=MultiRegionPoints,
    action="s3:ListMultiRegionAccessPoints",
)  # fmt: skip


class Grantee(Shape):
    """Whom an access grant lets in."""

    grantee_type: str
    grantee_identifier: str


class AccessGrant(Shape):
    """One grant of S3 Access Grants.

    :param grant_scope: ``s3://bucket/prefix*``
    """

    access_grant_id: str
    grantee: Grantee
    permission: str
    grant_scope: str = ""
    created_at: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Patterns of its bucket and of the keys in it; of the bucket empty where that cannot be told."""
        bucket, _, keys = self.grant_scope.removeprefix("s3://").partition("/")
        by_point = ":" in bucket or bucket.endswith("-s3alias")
        return ("" if by_point or not self.grant_scope.startswith("s3://") else bucket), keys


class AccessGrants(Listing):
    """Answer of ListAccessGrants."""

    access_grants_list: tuple[AccessGrant, ...]


# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: in this region the account uses no grants.
LIST_ACCESS_GRANTS = Operation(
    service="s3control", name="list_access_grants", shape=AccessGrants, action="s3:ListAccessGrants",
    absent=("AccessGrantsInstanceNotExistsError",),
)  # fmt: skip
