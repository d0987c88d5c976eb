"""Who can read a bucket, against a server that enforces it: several users, and nobody at all, really try to GET.

SeaweedFS enforces what its users may do themselves (for everything, for a bucket, for a prefix), and bucket policies that
allow or deny users by name or anybody, for actions, resources, ``NotResource`` and conditions on user names and addresses.
It does not enforce, so that these are not tried here: ``NotPrincipal`` and ``NotAction`` (it refuses such policies), ARNs
in conditions, other accounts, roles, groups, boundaries, organisations, access points, KMS keys, public access blocks
and lists of objects. It serves plain HTTP here, and holds to ``aws:SecureTransport``; we say who could read over TLS.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from airflow_mlsecops.checks.grants import bucket
from airflow_mlsecops.core.aws import AwsFacts
from airflow_mlsecops.core.grant import Allowed, Readers
from tests.checks.grants.answers import HERE, OWN, REGION, Row, facts
from tests.isolation.seaweed import client, seaweed

pytestmark = pytest.mark.slow
NOBODY = Allowed()
SERVER, BUCKET = "000000000000", "ml-prod"  # the account that all of its users are in
OBJECTS = "arn:aws:s3:::ml-prod/"
KEYS = {"s3://ml-prod/train/": "train/k", "s3://ml-prod/other/": "other/k"}
USERS: dict[str, list[str]] = {
    "everywhere": ["Read", "List"],
    "here": [f"Read:{BUCKET}"],
    "train": [f"Read:{BUCKET}/train/*"],
    "elsewhere": ["Read:ml-prod-2"],
    "lister": ["List"],
    "writer": [f"Write:{BUCKET}"],
}
READS = {"Read": "s3:GetObject", "Write": "s3:PutObject", "List": "s3:ListBucket"}


def said(effect: str, who: str = "*", **more: Any) -> Row:
    whom: Any = "*" if who == "*" else {"AWS": f"arn:aws:iam::{SERVER}:user/{who}"}
    actions = ["s3:GetObject", "s3:GetObjectVersion"]
    return {"Effect": effect, "Principal": whom, "Action": actions, "Resource": f"{OBJECTS}*", **more}


def where(condition: str, key: str, *values: str) -> Row:
    return {"Condition": {condition: {key: list(values)}}}


ALLOWS: dict[str, list[Row]] = {
    "nothing": [],
    "a user": [said("Allow", "lister")],
    "two users": [said("Allow", "lister"), said("Allow", "elsewhere", Resource=f"{OBJECTS}train/*")],
    "anybody": [said("Allow")],
    "anybody a prefix": [said("Allow", Resource=f"{OBJECTS}train/*")],
    "anybody all that gets": [said("Allow", Action="s3:Get*", Resource=f"{OBJECTS}t?ain/*")],
    "near miss: to write": [said("Allow", Action="s3:PutObject")],
    "near miss: another bucket's name begins so": [said("Allow", Resource="arn:aws:s3:::ml-prod/trainer/*")],
    "by user name": [said("Allow", **where("StringEquals", "aws:username", "writer"))],
    "by a pattern of the user name": [said("Allow", **where("StringLike", "aws:username", "*er"))],
    "from here": [said("Allow", **where("IpAddress", "aws:SourceIp", "127.0.0.0/8"))],
    "from elsewhere": [said("Allow", **where("IpAddress", "aws:SourceIp", "10.0.0.0/8"))],
}
DENIES: dict[str, list[Row]] = {
    "nothing": [],
    "a user": [said("Deny", "everywhere")],
    "everybody": [said("Deny")],
    "everybody a prefix": [said("Deny", Resource=f"{OBJECTS}other/*")],
    "everybody all but a prefix": [
        {**{name: one for name, one in said("Deny").items() if name != "Resource"}, "NotResource": f"{OBJECTS}train/*"}
    ],
    "near miss: to write": [said("Deny", Action="s3:PutObject")],
    "by user name": [said("Deny", **where("StringEquals", "aws:username", "here"))],
    "from elsewhere": [said("Deny", **where("NotIpAddress", "aws:SourceIp", "127.0.0.0/8"))],
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with seaweed(tmp_path_factory.mktemp("seaweed"), USERS) as address:
        admin = client(address, "admin")
        admin.create_bucket(Bucket=BUCKET)
        for key in KEYS.values():
            admin.put_object(Bucket=BUCKET, Key=key, Body=b"1")
        yield address


@pytest.mark.parametrize(("allow", "deny"), [*product(ALLOWS, DENIES)])
def test_who_is_told_to_read_reads_and_nobody_else(endpoint: str, allow: str, deny: str) -> None:
    statements = [*DENIES[deny], *ALLOWS[allow]]
    policy = put(endpoint, statements)
    for uri, key in KEYS.items():
        found = readers(policy, uri)
        told, sure = names(found, surely=False), names(found, surely=True)
        read = {name for name in (*USERS, "*") if reads(endpoint, name, key)}
        assert sure <= read <= told, uri
        if not {"from here", "from elsewhere"} & {allow, deny}:  # from where somebody asks, we cannot know
            strangers = {"*"} if "user name" in f"{allow} {deny}" else set()  # nor what a stranger is called
            assert sure - strangers == read - strangers == told - strangers, uri


def test_the_commands_end_whoever_is_not_let(endpoint: str) -> None:
    """All but commands of IAM, which a server with a file of users has not got, are done by the server."""
    policy = put(endpoint, [said("Allow", "lister"), said("Allow"), said("Deny", "train")])
    found = readers(policy, "s3://ml-prod/train/", Allowed(readers=(user("lister"), user("everywhere"), user("here"))))
    (text,) = (line.partition("--policy ")[2].strip("'") for line in found.commands if " put-bucket-policy " in line)
    client(endpoint, "admin").put_bucket_policy(Bucket=BUCKET, Policy=text)
    assert {name for name in (*USERS, "*") if reads(endpoint, name, "train/k")} == {"lister", "everywhere", "here"}


def put(endpoint: str, statements: list[Row]) -> str | None:
    """Give the bucket a policy; what the server says that it is."""
    admin = client(endpoint, "admin")
    if not statements:
        admin.put_bucket_policy(Bucket=BUCKET, Policy=document(said("Allow", "admin")))
        admin.delete_bucket_policy(Bucket=BUCKET)
        return None
    admin.put_bucket_policy(Bucket=BUCKET, Policy=document(*statements))
    return str(admin.get_bucket_policy(Bucket=BUCKET)["Policy"])


def document(*statements: Row) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def readers(policy: str | None, uri: str, allowed: Allowed = NOBODY) -> Readers:
    """Who can read, of what the server says of the bucket, and of its users in IAM's words."""
    off = {"absent": "NoSuchPublicAccessBlockConfiguration"}
    answers = {
        "s3.get_bucket_policy Bucket=ml-prod": {"Policy": policy} if policy else {"absent": "NoSuchBucketPolicy"},
        "s3.get_public_access_block Bucket=ml-prod": off,
        f"s3control.get_public_access_block AccountId={OWN}": off,
    }
    users = {name: {"inline": {"Own": [*map(_in_iam, actions)]}} for name, actions in USERS.items()}
    seen = facts({"users": users, "answers": answers}).model_dump_json()
    moved = AwsFacts.model_validate_json(seen.replace(OWN, SERVER))
    return bucket.readers(moved.model_copy(update={"region": REGION}), uri, allowed)


def _in_iam(action: str) -> Row:
    verb, _, place = action.partition(":")
    resource = f"arn:aws:s3:::{place}{'' if '/' in place else '/*'}" if place else "*"
    return {"Effect": "Allow", "Action": READS[verb], "Resource": resource}


def user(name: str) -> str:
    return f"{HERE}user/{name}".replace(OWN, SERVER)


def names(found: Readers, *, surely: bool) -> set[str]:
    """Users of the server, and anybody, among those who are told to read."""
    arns = {user(name): name for name in USERS} | {"*": "*"}
    return {arns[one.principal] for one in found.grants if one.principal in arns and (one.sure or not surely)}


def reads(endpoint: str, name: str, key: str) -> bool:
    """Whether somebody, or who does not say who they are, gets an object."""
    reader = anonymous(endpoint) if name == "*" else client(endpoint, name)
    try:
        reader.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


def anonymous(endpoint: str) -> Any:
    config = Config(signature_version=UNSIGNED, s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
    return boto3.client("s3", endpoint_url=endpoint, region_name=REGION, config=config)
