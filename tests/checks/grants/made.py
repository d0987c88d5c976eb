"""Ways into the bucket of the example's estate that somebody makes, and the command line of AWS that ends them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any

from dags_examples.estate.names import ACCOUNT, DATA, REGION, TRAINER, bucket_arn, document, role_arn
from tests.isolation.world import World

USER = f"arn:aws:iam::{ACCOUNT}:user/"
USES_KEY = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
READS = {"Sid": "Peek", "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket_arn(DATA)}/*"}


def user(world: World, name: str, *statements: dict[str, Any]) -> str:
    world.clients("iam").create_user(UserName=name)
    if statements:
        world.clients("iam").put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
    return f"{USER}{name}"


def an_inline_policy(world: World, name: str = "eve") -> tuple[str, str]:
    return user(world, name, READS, USES_KEY), f"statement Peek of policy own of user {name}"


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
    params = json.loads(given.pop("--cli-input-json", "{}"))
    params |= {names[option.removeprefix("--").replace("-", "")]: value for option, value in given.items()}
    getattr(client, operation)(**params)
