"""From the job's subnets no route leads out of this environment's networks: none to the Internet, none elsewhere.

A subnet follows the route table that it is associated with, else the main one of its VPC
(https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html). Whatever a route leads through (an Internet,
NAT or transit gateway, a peering, an instance), its destination must lie within the policy's ranges, so that a default
route, whole or in halves, is none of ours. The VPC itself and gateway endpoints are; a route to what is gone leads
nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._ec2 import (
    DESCRIBE_MANAGED_PREFIX_LISTS,
    DESCRIBE_SUBNETS,
    GET_MANAGED_PREFIX_LIST_ENTRIES,
    Network,
    attached,
    networks,
    no_network,
    of_gateway,
    ranges_of,
    within,
)
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.unseen import Unseen

_EXPECTED = "routes within this environment's networks"


class Route(Shape):
    """One route; what it has none of, AWS leaves out."""

    destination_cidr_block: str = ""
    destination_ipv6_cidr_block: str = ""
    destination_prefix_list_id: str = ""
    gateway_id: str = ""
    nat_gateway_id: str = ""
    egress_only_internet_gateway_id: str = ""
    transit_gateway_id: str = ""
    vpc_peering_connection_id: str = ""
    network_interface_id: str = ""
    instance_id: str = ""
    state: str = "active"

    @property
    def target(self) -> str:
        """What it leads through."""
        known = (
            *(self.gateway_id, self.nat_gateway_id, self.egress_only_internet_gateway_id, self.transit_gateway_id),
            *(self.vpc_peering_connection_id, self.instance_id, self.network_interface_id),
        )
        return next(filter(None, known), "another target")


class RouteTable(Shape):
    """One route table."""

    routes: tuple[Route, ...]


class RouteTables(Shape):
    """Answer of DescribeRouteTables."""

    route_tables: tuple[RouteTable, ...]


DESCRIBE_ROUTE_TABLES = Operation(
    service="ec2", name="describe_route_tables", shape=RouteTables, action="ec2:DescribeRouteTables"
)


def _subnets(facts: Facts, demand: Demand) -> tuple[str, ...]:
    return attached(facts, "subnets")


def _ask(subnet: str, facts: Facts, demand: Demand) -> Answer:
    own = networks(demand)
    table = _table(subnet, facts)
    out = [f"{where} through {route.target}" for route in table.routes for where in _outside(route, own, facts)]
    if out:
        reason = f"{len(out):,} routes lead out of this environment"
        return failed(subnet, reason, expected=_EXPECTED, got="; ".join(sorted(out)))
    return passed(subnet, "no route leads out of this environment", expected=_EXPECTED)


def _table(subnet: str, facts: Facts) -> RouteTable:
    tables = _tables(facts, {"association.subnet-id": subnet})
    if not tables:
        found = aws(facts).need(DESCRIBE_SUBNETS, SubnetIds=[subnet]).subnets
        vpc = found[0].vpc_id if found else ""
        tables = _tables(facts, {"vpc-id": vpc, "association.main": "true"})
    if len(tables) != 1:
        raise Unseen(f"the route table of {subnet}", NotObserved(why=f"AWS names {len(tables)} of them"))
    return tables[0]


def _tables(facts: Facts, wanted: dict[str, str]) -> tuple[RouteTable, ...]:
    filters = [{"Name": name, "Values": [value]} for name, value in wanted.items()]
    return aws(facts).need(DESCRIBE_ROUTE_TABLES, Filters=filters).route_tables


def _outside(route: Route, own: tuple[Network, ...], facts: Facts) -> Iterator[str]:
    """Destinations of a route that are not this environment's."""
    if route.gateway_id == "local" or route.state == "blackhole":
        return
    where = [cidr for cidr in (route.destination_cidr_block, route.destination_ipv6_cidr_block) if cidr]
    if name := route.destination_prefix_list_id:
        by_endpoint = route.gateway_id.startswith("vpce-") and of_gateway(name, facts)
        where += () if by_endpoint else ranges_of(name, facts)
    elif not where:
        yield "an unknown destination"
    yield from (cidr for cidr in where if not within(cidr, own))


CHECK = Check(
    id="NETWORK_ROUTES",
    question="Do all routes from the job's subnets stay within this environment's networks?",
    why="where a route leads to the Internet, one wrong security group is enough for data to leave",
    remedy=(
        "`aws ec2 describe-route-tables --filters Name=association.subnet-id,Values={subject}` shows the routes; "
        "`aws ec2 delete-route --route-table-id TABLE --destination-cidr-block RANGE`, or run the job in a subnet "
        "without such a route and reach AWS through VPC endpoints"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "NIST 800-53 SC-7(5)", "ISO 27001 A.8.22", "SOC 2 CC6.6"),
    ask=each(_subnets, _ask, none=no_network),
    reads=(DESCRIBE_ROUTE_TABLES, DESCRIBE_SUBNETS, DESCRIBE_MANAGED_PREFIX_LISTS, GET_MANAGED_PREFIX_LIST_ENTRIES),
)
