"""The environment's Redshift clusters are not public, encrypted with its keys, refuse plain text, and say who asked.

With enhanced VPC routing ``COPY`` and ``UNLOAD`` go through the VPC, where its endpoints and routes hold for them too:
https://docs.aws.amazon.com/redshift/latest/mgmt/enhanced-vpc-routing.html
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from airflow_mlsecops.checks._answer import not_applicable
from airflow_mlsecops.checks._aws import aws, each, listed, profile
from airflow_mlsecops.checks._kms import DESCRIBE_KEY
from airflow_mlsecops.checks._resources import Parameters, at_rest, meant, name_of, only, summed, there
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "not public, encrypted with a key of this environment, routed through the VPC, TLS only, logged"
_TLS = "require_ssl"


class _Group(Shape):
    name: str = Field(alias="ParameterGroupName")
    status: str = Field(default="", alias="ParameterApplyStatus")


class _Cluster(Shape):
    name: str = Field(alias="ClusterIdentifier")
    publicly_accessible: bool = True
    encrypted: bool = False
    kms_key_id: str = ""
    enhanced_vpc_routing: bool = False
    groups: tuple[_Group, ...] = Field(default=(), alias="ClusterParameterGroups")


class _Clusters(Shape):
    clusters: tuple[_Cluster, ...]


class _Logging(Shape):
    logging_enabled: bool


_CLUSTERS = Operation(service="redshift", name="describe_clusters", shape=_Clusters, action="redshift:DescribeClusters")
_PARAMETERS = Operation(
    service="redshift", name="describe_cluster_parameters", shape=Parameters,
    action="redshift:DescribeClusterParameters", keep=only(_TLS),
)  # fmt: skip
_LOGGING = Operation(
    service="redshift", name="describe_logging_status", shape=_Logging, action="redshift:DescribeLoggingStatus"
)


def _clusters(facts: Facts, demand: Demand) -> tuple[tuple[str, _Cluster | None], ...]:
    named = listed(profile(demand).warehouses, "warehouses")
    audited_account(facts, demand)  # another account's list shows none of ours
    return meant({one.name: one for one in aws(facts).need(_CLUSTERS).clusters}, named)


def _judge(one: tuple[str, _Cluster | None], facts: Facts, demand: Demand) -> Answer:
    cluster = there(*one)
    troubles = _troubles(cluster, facts, demand)
    return summed(cluster.name, troubles, fine="the warehouse is closed to everybody else", expected=_EXPECTED)


def _troubles(cluster: _Cluster, facts: Facts, demand: Demand) -> Iterator[str]:
    if cluster.publicly_accessible:
        yield "it has a public address"
    yield from at_rest("it", cluster.kms_key_id if cluster.encrypted else "", facts, demand)
    if not cluster.enhanced_vpc_routing:
        yield "COPY and UNLOAD do not go through the VPC"
    found = [aws(facts).need(_PARAMETERS, ParameterGroupName=group.name) for group in cluster.groups]
    if not any(parameters.value(_TLS) == "true" for parameters in found):
        yield f"it takes sessions in plain text ({_TLS} is off)"
    elif any(group.status != "in-sync" for group in cluster.groups):
        yield "its parameters are not in force yet"
    if not aws(facts).need(_LOGGING, ClusterIdentifier=cluster.name).logging_enabled:
        yield "nobody writes down who asked for what"


def _none() -> Answer:
    return not_applicable("redshift", "Redshift has no cluster of these names")


CHECK = Check(
    id="REDSHIFT",
    question="Are the Redshift clusters closed to everybody outside this environment?",
    why="a warehouse holds what all the pipelines brought together, and UNLOAD takes it anywhere that routes lead",
    remedy=(
        "`aws redshift modify-cluster --cluster-identifier {subject} --no-publicly-accessible "
        "--enhanced-vpc-routing --encrypted --kms-key-id …`; set require_ssl=true in its parameter group; "
        "`aws redshift enable-logging --cluster-identifier {subject} --bucket-name …`"
    ),
    severity=Severity.HIGH,
    standards=(
        *("NIST 800-53 SC-7", "NIST 800-53 SC-8", "NIST 800-53 AU-12", "ISO 27001 A.8.22", "ISO 27001 A.8.24"),
        *("SOC 2 CC6.6", "AWS FSBP Redshift.1", "AWS FSBP Redshift.2", "AWS FSBP Redshift.7", "GDPR Art. 32"),
    ),
    ask=each(_clusters, _judge, none=_none, name=name_of),
    reads=(AUDITOR, _CLUSTERS, _PARAMETERS, _LOGGING, DESCRIBE_KEY),
)
