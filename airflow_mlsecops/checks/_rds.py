"""Databases of RDS: the questions, and what is read of their answers."""

from __future__ import annotations

from abc import abstractmethod

from pydantic import Field

from airflow_mlsecops.checks._resources import Parameters, only
from airflow_mlsecops.core.aws import Operation, Shape

# By the beginning of an engine's name: the parameter by which it refuses sessions that are not encrypted.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
TLS_PARAMETERS = {
    "postgres": "rds.force_ssl",
    "aurora-postgresql": "rds.force_ssl",
    "sqlserver": "rds.force_ssl",
    "mysql": "require_secure_transport",
    "mariadb": "require_secure_transport",
    "aurora-mysql": "require_secure_transport",
}
IN_SYNC = "in-sync"


class Endpoint(Shape):
    """Where an instance is dialled."""

    address: str = ""


class Group(Shape):
    """A parameter group of an instance, and whether what it says is in force."""

    name: str = Field(alias="DBParameterGroupName")
    status: str = Field(default="", alias="ParameterApplyStatus")


class Database(Shape):
    """What instances and clusters have in common."""

    name: str
    engine: str
    storage_encrypted: bool = False
    kms_key_id: str = ""

    @property
    @abstractmethod
    def hosts(self) -> tuple[str, ...]:
        """Names by which it is dialled."""

    @property
    @abstractmethod
    def public(self) -> bool:
        """True if it has a public address, as far as is said."""


class Instance(Database):
    """One instance; ``cluster`` is that of which it is a part."""

    name: str = Field(alias="DBInstanceIdentifier")
    cluster: str = Field(default="", alias="DBClusterIdentifier")
    endpoint: Endpoint = Endpoint()
    publicly_accessible: bool = True
    groups: tuple[Group, ...] = Field(default=(), alias="DBParameterGroups")

    @property
    def hosts(self) -> tuple[str, ...]:
        return (self.endpoint.address,)

    @property
    def public(self) -> bool:
        return self.publicly_accessible


class Instances(Shape):
    """Answer of DescribeDBInstances."""

    instances: tuple[Instance, ...] = Field(alias="DBInstances")


class Member(Shape):
    """An instance of a cluster, and whether the cluster's parameters are in force there."""

    name: str = Field(alias="DBInstanceIdentifier")
    status: str = Field(default="", alias="DBClusterParameterGroupStatus")


class Cluster(Database):
    """One cluster; Aurora says of its instances whether they are public, and of the cluster nothing."""

    name: str = Field(alias="DBClusterIdentifier")
    endpoint: str = ""
    reader_endpoint: str = ""
    custom_endpoints: tuple[str, ...] = ()
    publicly_accessible: bool | None = None
    group: str = Field(default="", alias="DBClusterParameterGroup")
    members: tuple[Member, ...] = Field(default=(), alias="DBClusterMembers")

    @property
    def hosts(self) -> tuple[str, ...]:
        return (self.endpoint, self.reader_endpoint, *self.custom_endpoints)

    @property
    def public(self) -> bool:
        silent = self.publicly_accessible is None
        return not self.engine.startswith("aurora") if silent else bool(self.publicly_accessible)


class Clusters(Shape):
    """Answer of DescribeDBClusters."""

    clusters: tuple[Cluster, ...] = Field(alias="DBClusters")


class Snapshot(Shape):
    """One snapshot of an instance."""

    name: str = Field(alias="DBSnapshotIdentifier")
    snapshot_type: str


class Snapshots(Shape):
    """Answer of DescribeDBSnapshots."""

    snapshots: tuple[Snapshot, ...] = Field(alias="DBSnapshots")


class ClusterSnapshot(Shape):
    """One snapshot of a cluster."""

    name: str = Field(alias="DBClusterSnapshotIdentifier")
    snapshot_type: str


class ClusterSnapshots(Shape):
    """Answer of DescribeDBClusterSnapshots."""

    snapshots: tuple[ClusterSnapshot, ...] = Field(alias="DBClusterSnapshots")


class Attribute(Shape):
    """Who may do something with a snapshot: ids of accounts, or ``all``."""

    attribute_name: str
    attribute_values: tuple[str, ...]


class Attributes(Shape):
    """Attributes of one snapshot."""

    attributes: tuple[Attribute, ...] = Field(alias="DBSnapshotAttributes")


class SnapshotAttributes(Shape):
    """Answer of DescribeDBSnapshotAttributes."""

    result: Attributes = Field(alias="DBSnapshotAttributesResult")


class ClusterAttributes(Shape):
    """Attributes of one snapshot of a cluster."""

    attributes: tuple[Attribute, ...] = Field(alias="DBClusterSnapshotAttributes")


class ClusterSnapshotAttributes(Shape):
    """Answer of DescribeDBClusterSnapshotAttributes."""

    result: ClusterAttributes = Field(alias="DBClusterSnapshotAttributesResult")


_KEEP = only(*TLS_PARAMETERS.values())
INSTANCES = Operation(service="rds", name="describe_db_instances", shape=Instances, action="rds:DescribeDBInstances")
CLUSTERS = Operation(service="rds", name="describe_db_clusters", shape=Clusters, action="rds:DescribeDBClusters")
PARAMETERS = Operation(
    service="rds", name="describe_db_parameters", shape=Parameters, action="rds:DescribeDBParameters", keep=_KEEP
)
CLUSTER_PARAMETERS = Operation(
    service="rds", name="describe_db_cluster_parameters", shape=Parameters, action="rds:DescribeDBClusterParameters",
    keep=_KEEP,
)  # fmt: skip
SNAPSHOTS = Operation(service="rds", name="describe_db_snapshots", shape=Snapshots, action="rds:DescribeDBSnapshots")
CLUSTER_SNAPSHOTS = Operation(
    service="rds", name="describe_db_cluster_snapshots", shape=ClusterSnapshots,
    action="rds:DescribeDBClusterSnapshots",
)  # fmt: skip
SNAPSHOT_ATTRIBUTES = Operation(
    service="rds", name="describe_db_snapshot_attributes", shape=SnapshotAttributes,
    action="rds:DescribeDBSnapshotAttributes",
)  # fmt: skip
CLUSTER_SNAPSHOT_ATTRIBUTES = Operation(
    service="rds", name="describe_db_cluster_snapshot_attributes", shape=ClusterSnapshotAttributes,
    action="rds:DescribeDBClusterSnapshotAttributes",
)  # fmt: skip
