"""Each permission of the auditor taken away in turn: what needs it is UNKNOWN, and nothing passes on what was not seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.core.aws import AwsFacts, Operation
from airflow_mlsecops.core.check import Demand
from airflow_mlsecops.core.environment import Environment
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.judge_isolation import chosen
from airflow_mlsecops.policy import load
from dags_examples.estate import storage
from dags_examples.estate.emulator import POLICY
from dags_examples.estate.names import (
    ACCOUNT,
    DATA,
    ENVIRONMENT,
    NETWORK,
    REGION,
    TRAINER,
    bucket_arn,
    document,
    role_arn,
)
from tests.isolation.world import Door, Job, World, troubles

PROFILE = load(POLICY).policy.environments[ENVIRONMENT]
REQUIRED = chosen(PROFILE.requires, all_checks())[0] - {gap.check for gap in PROFILE.not_observable}
OPERATIONS: tuple[Operation[Any], ...] = tuple(
    operation for check_id in sorted(REQUIRED) for operation in all_checks()[check_id].reads if operation.action
)
# What no training job, no data in S3 and no instance of a database makes anybody ask.
NOT_HERE = {
    *("batch:DescribeComputeEnvironments", "batch:DescribeJobDefinitions", "batch:DescribeJobQueues"),
    *("rds:DescribeDBClusterParameters", "rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterSnapshotAttributes"),
    *("ecs:DescribeTaskDefinition", "sagemaker:DescribeModel"),
    *(
        f"sagemaker:{verb}"
        for kind in ("Training", "Processing", "Transform")
        for verb in (f"Describe{kind}Job", f"List{kind}Jobs")
    ),
}
ACTIONS = sorted({operation.action for operation in OPERATIONS})


class Client:
    """A client that is refused some of what it asks; what AWS answered once is not asked again."""

    def __init__(self, client: Any, denied: frozenset[str], known: dict[str, Any]) -> None:
        self._client, self._denied, self._known = client, denied, known

    def can_paginate(self, operation: str) -> bool:
        return operation not in self._denied and self._client.can_paginate(operation)

    def get_paginator(self, operation: str) -> Any:
        return self._client.get_paginator(operation)

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation in self._denied:
            return lambda **params: refuse(operation)
        return lambda **params: self._asked(operation, params)

    def _asked(self, operation: str, params: dict[str, Any]) -> Any:
        key = f"{operation} {params}"
        if key not in self._known:
            self._known[key] = answered(getattr(self._client, operation), params)
        if isinstance(self._known[key], ClientError):
            raise self._known[key]
        return self._known[key]


def answered(ask: Callable[..., Any], params: dict[str, Any]) -> Any:
    try:
        return ask(**params)
    except ClientError as error:
        return error


def refuse(operation: str) -> None:
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, operation)


@cache
def known(service: str, as_task: bool) -> dict[str, Any]:
    return {}


class Denying:
    """A door behind which one action is denied."""

    def __init__(self, door: Door, action: str) -> None:
        self.region, self.credentials = door.region, door.credentials
        self._door, self._action = door, action

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        denied = frozenset(one.name for one in OPERATIONS if (one.service, one.action) == (service, self._action))
        return Client(self._door.client(service, as_task=as_task, region=region), denied, known(service, as_task))


class Elaborate(NamedTuple):
    """A compliant estate that has one of everything that can be asked about.

    :param subnet: one more for the job
    :param facts: what is observed of it
    """

    world: World
    subnet: str
    facts: Facts

    def judged(self, through: Callable[[Door], Any]) -> tuple[Finding, ...]:
        return self.world.judged(partial(into, self.subnet), through=through)

    def asking(self, action: str) -> set[str]:
        """Required checks that ask what an action permits."""
        return asking(self.facts, self.world.policy.environments[ENVIRONMENT], action)


@pytest.fixture(scope="module")
def elaborate(world: World) -> Elaborate:
    attach_a_policy(world)
    name_ranges_by_list(world)
    open_an_access_point(world)
    let_the_owner_in_by_id(world)
    world.clients("rds").create_db_snapshot(DBInstanceIdentifier="ml-prod-crm", DBSnapshotIdentifier="kept")
    made = world.clients("ec2").create_subnet(VpcId=world.estate.vpc, CidrBlock="10.9.2.0/24")
    subnet = made["Subnet"]["SubnetId"]
    return Elaborate(world, subnet, world.observed(partial(into, subnet)))


def into(subnet: str, job: Job) -> None:
    job["VpcConfig"]["Subnets"].append(subnet)


def attach_a_policy(world: World) -> None:
    iam = world.clients("iam")
    logs = f"arn:aws:logs:{REGION}:{ACCOUNT}:*"
    prints = document({"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": logs})
    made = iam.create_policy(PolicyName="prints", PolicyDocument=prints)
    iam.attach_role_policy(RoleName=TRAINER, PolicyArn=made["Policy"]["Arn"])


def name_ranges_by_list(world: World) -> None:
    ec2, entries = world.clients("ec2"), [{"Cidr": NETWORK, "Description": "ours"}]
    made = ec2.create_managed_prefix_list(PrefixListName="ours", MaxEntries=1, AddressFamily="IPv4", Entries=entries)
    ours = made["PrefixList"]["PrefixListId"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": ours}]}
    ec2.authorize_security_group_egress(GroupId=world.estate.security_group, IpPermissions=[https])
    ec2.create_route(
        RouteTableId=world.estate.route_table, DestinationPrefixListId=ours, GatewayId=world.estate.endpoint
    )


def open_an_access_point(world: World) -> None:
    s3control, vpc = world.clients("s3control"), {"VpcId": world.estate.vpc}
    s3control.create_access_point(AccountId=ACCOUNT, Name="inside", Bucket=DATA, VpcConfiguration=vpc)
    said = {
        "Effect": "Allow", "Principal": {"AWS": role_arn(TRAINER)}, "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/inside/object/*",
    }  # fmt: skip
    s3control.put_access_point_policy(AccountId=ACCOUNT, Name="inside", Policy=document(said))


def let_the_owner_in_by_id(world: World) -> None:
    s3 = world.clients("s3")
    owner = {"CanonicalUser": s3.get_bucket_acl(Bucket=DATA)["Owner"]["ID"]}
    said = {"Effect": "Allow", "Principal": owner, "Action": "s3:GetObject", "Resource": f"{bucket_arn(DATA)}/*"}
    s3.put_bucket_policy(Bucket=DATA, Policy=document(*storage.statements(DATA, world.estate.endpoint), said))


def asking(facts: Facts, profile: Environment, action: str) -> set[str]:
    """Required checks that ask what an action permits, where nobody has asked it."""
    names = {f"{one.service}.{one.name}" for one in OPERATIONS if one.action == action}
    assert isinstance(facts.aws, AwsFacts)
    left = {key: answer for key, answer in facts.aws.answers.items() if key.partition(" ")[0] not in names}
    less = facts.model_copy(update={"aws": facts.aws.model_copy(update={"answers": left})})
    demand = Demand(environment=ENVIRONMENT, profile=profile)
    wants = {
        check: {call.action for answer in all_checks()[check].answers(less, demand) for call in answer.wants}
        for check in REQUIRED
    }
    return {check for check, wanted in wants.items() if action in wanted}


def statuses(found: tuple[Finding, ...]) -> dict[str, set[Status]]:
    return {check: {one.status for one in found if one.code == check} for check in REQUIRED}


def test_with_all_permissions_all_is_seen(elaborate: Elaborate) -> None:
    assert {one.code: one.reason for one in troubles(elaborate.judged(lambda door: door))} == {}


@pytest.mark.parametrize("action", ACTIONS)
def test_what_nobody_may_look_at_is_unknown(elaborate: Elaborate, action: str) -> None:
    expected = elaborate.asking(action)
    assert expected or action in NOT_HERE
    found = elaborate.judged(lambda door: Denying(door, action))
    seen = statuses(found)
    unknown = {check for check in REQUIRED if Status.UNKNOWN in seen[check]}
    assert unknown == expected
    assert not any(Status.FAIL in of_check for of_check in seen.values())
    reasons = [one.reason for one in found if one.required and one.status is Status.UNKNOWN]
    assert all(f"permission {action} is missing" in reason for reason in reasons)


def test_without_any_permission_nothing_that_asks_passes(elaborate: Elaborate) -> None:
    class Refusing(Denying):
        def client(self, service: str, *, as_task: bool, region: str) -> Any:
            names = frozenset(one.name for one in OPERATIONS if one.service == service)
            return Client(self._door.client(service, as_task=as_task, region=region), names, {})

    seen = statuses(elaborate.judged(lambda door: Refusing(door, "")))
    ask = {check for action in ACTIONS for check in elaborate.asking(action)}
    assert {check for check in ask if Status.UNKNOWN not in seen[check]} == set()
