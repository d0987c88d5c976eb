"""Networks of EC2: the questions, and what is read of their answers."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network

from airflow_mlsecops.checks._answer import not_applicable
from airflow_mlsecops.checks._aws import aws, listed, profile
from airflow_mlsecops.checks._scope import the_job
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.unseen import NotObserved, Unseen

Network = IPv4Network | IPv6Network
_PRIVATE_V6 = ip_network("fc00::/7")
# Lists that AWS keeps of what a gateway endpoint leads to.
_GATEWAY_LIST = re.compile(r"(?:cn\.)?com\.amazonaws\.[a-z0-9-]+\.(?:s3|s3express|dynamodb)")


class Subnet(Shape):
    """One subnet."""

    subnet_id: str
    vpc_id: str
    map_public_ip_on_launch: bool = False


class Subnets(Shape):
    """Answer of DescribeSubnets."""

    subnets: tuple[Subnet, ...]


class PrefixList(Shape):
    """One list of address ranges; ``AWS`` owns those of its services."""

    prefix_list_name: str
    owner_id: str


class PrefixLists(Shape):
    """Answer of DescribeManagedPrefixLists."""

    prefix_lists: tuple[PrefixList, ...]


class PrefixListEntry(Shape):
    """One address range of a list."""

    cidr: str


class PrefixListEntries(Shape):
    """Answer of GetManagedPrefixListEntries."""

    entries: tuple[PrefixListEntry, ...]


# Asked of one subnet at a time, so that one that is gone leaves the others their answers.
DESCRIBE_SUBNETS = Operation(
    service="ec2", name="describe_subnets", shape=Subnets, action="ec2:DescribeSubnets",
    absent=("InvalidSubnetID.NotFound",),
)  # fmt: skip
DESCRIBE_MANAGED_PREFIX_LISTS = Operation(
    service="ec2", name="describe_managed_prefix_lists", shape=PrefixLists, action="ec2:DescribeManagedPrefixLists"
)
GET_MANAGED_PREFIX_LIST_ENTRIES = Operation(
    service="ec2", name="get_managed_prefix_list_entries", shape=PrefixListEntries,
    action="ec2:GetManagedPrefixListEntries",
)  # fmt: skip


def attached(facts: Facts, field: str) -> tuple[str, ...]:
    """What the job's containers are attached to; nothing where there is no job, or no network of ours.

    :param field: ``subnets`` or ``security_groups``
    :raises Unseen: if that part of the job could not be read
    """
    job = the_job(facts)
    if job is not None and (field in job.unread or (getattr(job, field) is None and job.refers)):
        raise Unseen(f"{field} of the job", NotObserved(why="the job refers to it, or it could not be read"))
    return tuple(sorted(set(getattr(job, field, None) or ())))


def no_network() -> Answer:
    """The answer where the job is in no network of ours."""
    return not_applicable("network", "no job is attached to a network of this environment")


def vpcs(facts: Facts, demand: Demand) -> tuple[str, ...]:
    """Ids of the environment's VPCs.

    :raises Unseen: if the policy names none, or not by their ids
    """
    ids = listed(profile(demand).vpcs, "vpcs")
    if any("*" in one for one in ids):
        raise Unseen("which VPCs belong to this environment (aws.vpcs)", NotObserved(why="the policy names a pattern"))
    return ids


def no_vpc() -> Answer:
    """The answer where no VPC is known."""
    return not_applicable("network", "the policy names no VPC")


def networks(demand: Demand) -> tuple[Network, ...]:
    """Address ranges that machines of the environment may talk to.

    :raises Unseen: if the policy names none, or one that is none, or nearly the whole Internet
    """
    named = listed(profile(demand).networks, "networks")
    if any(map(worldwide, named)):
        raise Unseen("where machines may talk to (aws.networks)", NotObserved(why="the policy names no bounded range"))
    return tuple(map(ip_network, named))


def worldwide(cidr: str) -> bool:
    """True for a range that is larger than any one organisation's, and for what is no range."""
    network = _network(cidr)
    return network is None or (network.prefixlen < 8 and network != _PRIVATE_V6)


def public(cidr: str) -> bool:
    """True for a range that holds addresses of the Internet, and for what is no range."""
    network = _network(cidr)
    return network is None or worldwide(cidr) or network.is_global


def within(cidr: str, own: tuple[Network, ...]) -> bool:
    """True if all addresses of a range belong to one of ours."""
    network = _network(cidr)
    return network is not None and any(_holds(one, network) for one in own)


def _holds(outer: Network, inner: Network) -> bool:
    return (
        outer.version == inner.version
        and int(outer.network_address) <= int(inner.network_address)
        and int(inner.broadcast_address) <= int(outer.broadcast_address)
    )


def _network(cidr: str) -> Network | None:
    try:
        return ip_network(cidr)
    except ValueError:
        return None


def of_gateway(prefix_list: str, facts: Facts) -> bool:
    """True if a list is AWS' own of what a gateway endpoint leads to; anybody may name his own list alike.

    :raises Unseen: if AWS did not say
    """
    found = aws(facts).need(DESCRIBE_MANAGED_PREFIX_LISTS, PrefixListIds=[prefix_list]).prefix_lists
    if len(found) != 1:
        raise Unseen(f"prefix list {prefix_list}", NotObserved(why=f"AWS names {len(found)} of that id"))
    return found[0].owner_id == "AWS" and _GATEWAY_LIST.fullmatch(found[0].prefix_list_name) is not None


def ranges_of(prefix_list: str, facts: Facts) -> tuple[str, ...]:
    """Address ranges of a prefix list.

    :raises Unseen: if AWS did not say
    """
    entries = aws(facts).need(GET_MANAGED_PREFIX_LIST_ENTRIES, PrefixListId=prefix_list).entries
    return tuple(entry.cidr for entry in entries)
