"""Who can read a bucket of the example's estate, asked over HTTP: a grant that is made shows, and its command ends it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from airflow_mlsecops.checks.grants import bucket
from airflow_mlsecops.core.aws import Credentials
from airflow_mlsecops.core.grant import Allowed, Grant, Readers
from airflow_mlsecops.observe.aws import observe
from dags_examples.estate.emulator import clients
from dags_examples.estate.names import ACCOUNT, AUDITOR, DATA, REGION, TRAINER, Clients, bucket_arn, document, role_arn
from tests.isolation.world import World

URI = f"s3://{DATA}/churn/features"
USER, ROOT = f"arn:aws:iam::{ACCOUNT}:user/", f"arn:aws:iam::{ACCOUNT}:root"
ALLOWED = Allowed(readers=(role_arn(TRAINER), ROOT))
USES_KEY = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
READS = {"Sid": "Peek", "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket_arn(DATA)}/*"}


class Door:
    """The way to the emulator for whoever looks, whatever region is asked."""

    region = REGION
    credentials = Credentials(method="sts-assume-role", long_lived=False)

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        assert not as_task
        return self._clients(service)


@pytest.fixture(autouse=True)
def as_before(world: World) -> Iterator[None]:
    yield
    if world.touched:
        world.rebuild()


def looked(world: World) -> Readers:
    door = Door(clients(world._url, role_arn(AUDITOR)))
    return bucket.readers(observe(door, lambda seen: bucket.wanted(seen, URI)), URI, ALLOWED)


def ways(found: Readers) -> list[tuple[str, str]]:
    return [(one.principal, one.how[0]) for one in found.grants]


OURS = [
    (role_arn(TRAINER), f"statement Read of policy train of role {TRAINER}"),
    (role_arn(TRAINER), "statement Train of the bucket policy"),
    (ROOT, "root user of the account"),
]


def test_of_the_compliant_estate_the_trainer_reads_and_root(world: World) -> None:
    found = looked(world)
    assert ways(found) == OURS
    assert found.commands == ()
    (hidden,) = found.hidden
    assert hidden.startswith("Whom S3 Access Grants let into bucket ml-prod-data was not observed")  # not emulated


def user(world: World, name: str, *statements: dict[str, Any]) -> str:
    world.clients("iam").create_user(UserName=name)
    if statements:
        world.clients("iam").put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
    return f"{USER}{name}"


def an_inline_policy(world: World, name: str = "eve") -> tuple[str, str]:
    return user(world, name, READS, USES_KEY), f"statement Peek of policy own of user {name}"


def test_whoever_may_not_use_the_key_does_not_read(world: World) -> None:
    user(world, "eve", READS)
    assert ways(looked(world)) == OURS
    said = [one for one in statements(world) if one["Sid"] != "OtherKey"]
    world.clients("s3").put_bucket_policy(Bucket=DATA, Policy=document(*said))
    found = [one for one in looked(world).grants if one.principal == f"{USER}eve"]
    assert [one.sure for one in found] == [False]


def a_managed_policy(world: World, name: str = "eve") -> tuple[str, str]:
    made = world.clients("iam").create_policy(PolicyName="peek", PolicyDocument=document(READS, USES_KEY))
    eve = user(world, name)
    world.clients("iam").attach_user_policy(UserName=name, PolicyArn=made["Policy"]["Arn"])
    return eve, f"statement Peek of policy peek of user {name}"


def a_group(world: World, name: str = "eve") -> tuple[str, str]:
    iam, eve = world.clients("iam"), user(world, name)
    iam.create_group(GroupName="analysts")
    iam.put_group_policy(GroupName="analysts", PolicyName="peek", PolicyDocument=document(READS, USES_KEY))
    iam.add_user_to_group(UserName=name, GroupName="analysts")
    return eve, "member of analysts"


def a_statement_of_the_bucket(world: World, name: str = "eve") -> tuple[str, str]:
    eve = user(world, name, USES_KEY)
    added = {**READS, "Principal": {"AWS": [eve, role_arn(TRAINER)]}}
    world.clients("s3").put_bucket_policy(Bucket=DATA, Policy=document(*statements(world), added))
    return eve, "statement Peek of the bucket policy"


def statements(world: World) -> list[dict[str, Any]]:
    return list(json.loads(world.clients("s3").get_bucket_policy(Bucket=DATA)["Policy"])["Statement"])


def a_trust(world: World, name: str = "eve") -> tuple[str, str]:
    eve, iam = user(world, name), world.clients("iam")
    trust = iam.get_role(RoleName=TRAINER)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    added = {"Effect": "Allow", "Principal": {"AWS": eve}, "Action": "sts:AssumeRole"}
    iam.update_assume_role_policy(RoleName=TRAINER, PolicyDocument=document(*trust, added))
    return eve, f"may take role {TRAINER}"


def an_access_point(world: World, name: str = "eve") -> tuple[str, str]:
    eve, s3control = user(world, name, USES_KEY), world.clients("s3control")
    by_points = {**READS, "Sid": "Points", "Principal": "*"}
    by_points["Condition"] = {"StringEquals": {"s3:DataAccessPointAccount": ACCOUNT}}
    world.clients("s3").put_bucket_policy(Bucket=DATA, Policy=document(*statements(world), by_points))
    s3control.create_access_point(AccountId=ACCOUNT, Name="side", Bucket=DATA)
    objects = f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/side/object/*"
    said = {**READS, "Principal": {"AWS": eve}, "Resource": objects}
    s3control.put_access_point_policy(AccountId=ACCOUNT, Name="side", Policy=document(said))
    return eve, "access point side"


MADE: list[Callable[..., tuple[str, str]]] = [
    *(an_inline_policy, a_managed_policy, a_group, a_statement_of_the_bucket, a_trust, an_access_point),
]


@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_what_is_granted_shows_and_its_command_ends_it(world: World, make: Callable[..., tuple[str, str]]) -> None:
    eve, how = make(world)
    before = looked(world)
    news = [one for one in before.grants if one.principal not in (role_arn(TRAINER), ROOT)]
    assert {(one.principal, one.how[0]) for one in news} == {(eve, how)}
    assert news[0].undo in before.commands
    for command in before.commands:
        run(world, command)
    after = looked(world)
    assert {one.principal for one in after.grants} == {role_arn(TRAINER), ROOT}
    assert set(OURS) <= set(ways(after))
    assert after.commands == ()


@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_the_command_of_one_grant_ends_that_way(world: World, make: Callable[..., tuple[str, str]]) -> None:
    eve, _ = make(world)
    (undo,) = {one.undo for one in of(looked(world), eve)}
    run(world, undo)
    assert of(looked(world), eve) == []


def of(found: Readers, principal: str) -> list[Grant]:
    return [one for one in found.grants if one.principal == principal]


def test_strangers_by_every_way_at_once_are_ended_by_what_is_printed(world: World) -> None:
    for number, make in enumerate((an_inline_policy, a_statement_of_the_bucket, a_trust, an_access_point)):
        make(world, f"eve{number}")
    before = looked(world)
    strangers = {one.principal for one in before.grants} - {role_arn(TRAINER), ROOT}
    assert strangers == {f"{USER}eve{number}" for number in range(4)}
    for command in before.commands:
        run(world, command)
    assert {one.principal for one in looked(world).grants} == {role_arn(TRAINER), ROOT}


def run(world: World, command: str) -> None:
    """Do by boto3 what the command line of AWS does by a command."""
    aws, service, verb, *options = shlex.split(command)
    assert aws == "aws"
    client = world.clients({"s3api": "s3"}.get(service, service))
    operation = verb.replace("-", "_")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape
    names = {name.lower(): name for name in shape.members}
    given = dict(zip(options[::2], options[1::2], strict=True))
    assert given.pop("--region", REGION) == REGION
    params = {names[option.removeprefix("--").replace("-", "")]: value for option, value in given.items()}
    getattr(client, operation)(**params)
