"""Each VPC of this environment reaches S3 through an endpoint of its own, and no endpoint lets everything through.

An endpoint without a policy of its own lets everybody do everything with everything: also carry data to a bucket of
somebody else, with credentials of somebody else
(https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html). Every statement that allows something
must name its resources or its principals, or be held to accounts or an organisation by a condition; accounts, and
those of principals, must be this environment's or its partners'. A Deny beside such a statement is not taken off.
Whose the organisation is, and whose the resources that are named, is not asked. Endpoints of load balancers take no
policy.
"""

from __future__ import annotations

import re

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, profile
from airflow_mlsecops.checks._ec2 import no_vpc, vpcs
from airflow_mlsecops.checks._iam import arn_parts, held_to
from airflow_mlsecops.checks._narrowing import ACCOUNT
from airflow_mlsecops.checks._statements import Statement, statements
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "an endpoint for S3, and policies that name accounts, an organisation, resources or principals"
_KIND = re.compile(r"[a-z-]+[/:]")
_S3 = re.compile(r"(?:cn\.)?com\.amazonaws\.[a-z0-9-]+\.s3")
_ACCOUNTS = ("aws:resourceaccount", "s3:resourceaccount", "aws:principalaccount")
_ORGANISATIONS = ("aws:resourceorgid", "aws:principalorgid")


class Endpoint(Shape):
    """One endpoint of a VPC."""

    vpc_endpoint_id: str
    vpc_endpoint_type: str = "Interface"
    service_name: str
    state: str
    policy_document: str | None = None


class Endpoints(Shape):
    """Answer of DescribeVpcEndpoints."""

    vpc_endpoints: tuple[Endpoint, ...]


DESCRIBE_VPC_ENDPOINTS = Operation(
    service="ec2", name="describe_vpc_endpoints", shape=Endpoints, action="ec2:DescribeVpcEndpoints"
)


def _ask(vpc: str, facts: Facts, demand: Demand) -> Answer:
    found = aws(facts).need(DESCRIBE_VPC_ENDPOINTS, Filters=[{"Name": "vpc-id", "Values": [vpc]}]).vpc_endpoints
    ours = frozenset((*profile(demand).accounts, *profile(demand).partners))
    wide = {one.vpc_endpoint_id: sids for one in found if (sids := _wide(one, ours))}
    reached = any(_S3.fullmatch(one.service_name) and one.state.lower() == "available" for one in found)
    if reached and not wide:
        return passed(vpc, f"{len(found):,} endpoints, none of which lets everything through", expected=_EXPECTED)
    troubles = (*(() if reached else ("no endpoint for S3",)), *(f"{one}: {sids}" for one, sids in wide.items()))
    # A waiver names a subject: it must not cover an endpoint that is made tomorrow.
    subject = ", ".join((*(() if reached else (vpc,)), *sorted(wide)))
    reason = f"in {vpc}, S3 has no endpoint of its own, or an endpoint lets everything through"
    return failed(subject, reason, expected=_EXPECTED, got="; ".join(troubles))


def _wide(endpoint: Endpoint, ours: frozenset[str]) -> str:
    """Statements of an endpoint's policy that let everything through; empty if none does."""
    if endpoint.vpc_endpoint_type == "GatewayLoadBalancer":
        return ""
    if endpoint.policy_document is None:
        return "no policy"
    read = statements(endpoint.policy_document, f"policy of {endpoint.vpc_endpoint_id}")
    return ", ".join(one.name for one in read if one.allow and not _narrowed(one, ours))


def _narrowed(statement: Statement, ours: frozenset[str]) -> bool:
    accounts = (held_to(statement, key) for key in _ACCOUNTS)
    return (
        any(named and ours.issuperset(named) for named in accounts)
        or any(held_to(statement, key) for key in _ORGANISATIONS)
        or _names_resources(statement)
        or _names_principals(statement, ours)
    )


def _names_resources(statement: Statement) -> bool:
    return bool(statement.resources) and all(map(_names, statement.resources))


def _names(resource: str) -> bool:
    """True if it names an account or, where there is none, how a name begins: `*-data` would be anybody's."""
    service, _, account, name = arn_parts(resource)[2:]
    beginning = name if service == "s3" else _KIND.sub("", name)
    return ACCOUNT.fullmatch(account) is not None or not beginning.startswith(("*", "?", "${"))


def _names_principals(statement: Statement, ours: frozenset[str]) -> bool:
    named = statement.principals and not statement.everybody_but
    return bool(named) and all(principal.account in ours for principal in statement.principals)


CHECK = Check(
    id="NETWORK_ENDPOINTS",
    question="Does each VPC reach S3 through an endpoint that does not let everything through?",
    why="through an endpoint with full access, data leaves to a bucket of somebody else without touching the Internet",
    remedy=(
        "`aws ec2 create-vpc-endpoint --vpc-id VPC --service-name com.amazonaws.REGION.s3 --route-table-ids TABLE` if "
        "there is none; else `aws ec2 modify-vpc-endpoint --vpc-endpoint-id {subject} --policy-document "
        'file://policy.json` with the condition {"StringEquals": {"aws:ResourceAccount": "ACCOUNT"}}'
    ),
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 SC-7", "NIST 800-53 AC-4", "ISO 27001 A.8.22", "SOC 2 CC6.6"),
    ask=each(vpcs, _ask, none=no_vpc),
    reads=(DESCRIBE_VPC_ENDPOINTS,),
)
