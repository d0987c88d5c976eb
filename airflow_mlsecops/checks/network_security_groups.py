"""The job's security groups let nobody in from the Internet, and let the job out to its environment's networks only.

Out may lead to address ranges within the policy's, to security groups of the same VPC, and to AWS' own lists of what
a gateway endpoint leads to; other lists are read range by range. A rule that names a group of another VPC says so
(``VpcId``, ``VpcPeeringConnectionId``): https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._ec2 import (
    DESCRIBE_MANAGED_PREFIX_LISTS,
    GET_MANAGED_PREFIX_LIST_ENTRIES,
    Network,
    attached,
    networks,
    no_network,
    of_gateway,
    public,
    ranges_of,
    within,
)
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.unseen import Unseen

_EXPECTED = "nobody in from the Internet; out to this environment's networks only"


class Range4(Shape):
    """A range of IPv4."""

    cidr_ip: str


class Range6(Shape):
    """A range of IPv6."""

    cidr_ipv6: str


class PrefixListId(Shape):
    """A list of ranges."""

    prefix_list_id: str


class GroupPair(Shape):
    """A security group that a rule names; of the same VPC if it says nothing else."""

    group_id: str
    vpc_id: str = ""
    vpc_peering_connection_id: str = ""


class Permission(Shape):
    """One rule of a security group; what it has none of, AWS may leave out."""

    ip_ranges: tuple[Range4, ...] = ()
    ipv6_ranges: tuple[Range6, ...] = ()
    prefix_list_ids: tuple[PrefixListId, ...] = ()
    user_id_group_pairs: tuple[GroupPair, ...] = ()

    @property
    def ranges(self) -> tuple[str, ...]:
        """Address ranges that it names itself."""
        return (*(one.cidr_ip for one in self.ip_ranges), *(one.cidr_ipv6 for one in self.ipv6_ranges))


class SecurityGroup(Shape):
    """One security group."""

    vpc_id: str
    ip_permissions: tuple[Permission, ...]
    ip_permissions_egress: tuple[Permission, ...]


class SecurityGroups(Shape):
    """Answer of DescribeSecurityGroups."""

    security_groups: tuple[SecurityGroup, ...]


DESCRIBE_SECURITY_GROUPS = Operation(
    service="ec2", name="describe_security_groups", shape=SecurityGroups, action="ec2:DescribeSecurityGroups",
    absent=("InvalidGroup.NotFound",),
)  # fmt: skip


def _groups(facts: Facts, demand: Demand) -> tuple[str, ...]:
    return attached(facts, "security_groups")


def _ask(group_id: str, facts: Facts, demand: Demand) -> Answer:
    own = networks(demand)
    found = aws(facts).need(DESCRIBE_SECURITY_GROUPS, GroupIds=[group_id]).security_groups
    if len(found) != 1:
        raise Unseen(f"security group {group_id}", NotObserved(why=f"AWS names {len(found)} of that id"))
    troubles = (*_let_in(found[0], own, facts), *_let_out(found[0], own, facts))
    if troubles:
        reason = f"the security group has openings that it should not have ({len(troubles):,})"
        return failed(group_id, reason, expected=_EXPECTED, got="; ".join(sorted(set(troubles))))
    return passed(group_id, "the security group opens only to this environment", expected=_EXPECTED)


def _let_in(group: SecurityGroup, own: tuple[Network, ...], facts: Facts) -> Iterator[str]:
    for rule in group.ip_permissions:
        listed = (one for lists in rule.prefix_list_ids for one in ranges_of(lists.prefix_list_id, facts))
        yield from (f"in from {one}" for one in (*rule.ranges, *listed) if public(one) and not within(one, own))


def _let_out(group: SecurityGroup, own: tuple[Network, ...], facts: Facts) -> Iterator[str]:
    for rule in group.ip_permissions_egress:
        names = (one.prefix_list_id for one in rule.prefix_list_ids)
        listed = (one for name in names if not of_gateway(name, facts) for one in ranges_of(name, facts))
        yield from (f"out to {one}" for one in (*rule.ranges, *listed) if not within(one, own))
        for pair in rule.user_id_group_pairs:
            if pair.vpc_peering_connection_id or pair.vpc_id not in ("", group.vpc_id):
                yield f"out to {pair.group_id} of another VPC"


CHECK = Check(
    id="NETWORK_SECURITY_GROUPS",
    question="Do the job's security groups open to this environment only?",
    why="a group that lets the job out anywhere lets it send what it reads anywhere",
    remedy=(
        "`aws ec2 describe-security-group-rules --filters Name=group-id,Values={subject}` lists the rules; take the "
        "wrong one away with `aws ec2 revoke-security-group-egress` or `revoke-security-group-ingress --group-id "
        "{subject} --security-group-rule-ids RULE`, and name the environment's ranges, lists or groups instead"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "NIST 800-53 SC-7(5)", "ISO 27001 A.8.22", "SOC 2 CC6.6", "CIS AWS 5.0 5.3"),
    ask=each(_groups, _ask, none=no_network),
    reads=(DESCRIBE_SECURITY_GROUPS, DESCRIBE_MANAGED_PREFIX_LISTS, GET_MANAGED_PREFIX_LIST_ENTRIES),
)
