"""What of a list of places is not this environment's."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_mlsecops.checks._aws import aws, fits, listed, profile
from airflow_mlsecops.checks._ec2 import DESCRIBE_SUBNETS
from airflow_mlsecops.checks._scope import bucket_of
from airflow_mlsecops.core.check import Demand
from airflow_mlsecops.core.facts import Facts


def foreign_subnets(subnets: Iterable[str], facts: Facts, demand: Demand) -> tuple[str, ...]:
    """Subnets that lie in no VPC of this environment, and those that are not there.

    :raises Unseen: if AWS did not say, or the policy names no VPC
    """
    ours = listed(profile(demand).vpcs, "vpcs")
    return tuple(subnet for subnet in subnets if not fits(_vpc_of(subnet, facts), ours))


def _vpc_of(subnet: str, facts: Facts) -> str:
    found = aws(facts).ask(DESCRIBE_SUBNETS, SubnetIds=[subnet])
    return next((one.vpc_id for one in (found.subnets if found else ()) if one.subnet_id == subnet), "")


def foreign_buckets(uris: Iterable[str], demand: Demand) -> tuple[str, ...]:
    """Those of the places in S3 that lie in no bucket of this environment.

    :raises Unseen: if the policy names no bucket
    """
    ours = listed(profile(demand).buckets, "buckets")
    return tuple(uri for uri in uris if bucket_of(uri) and not fits(bucket_of(uri), ours))


def not_in_s3(uris: Iterable[str]) -> tuple[str, ...]:
    """Those of the places of which their name does not say whose they are: file systems, queries, web addresses."""
    return tuple(uri for uri in uris if not bucket_of(uri))
