"""What the checks call closed is closed on a server that enforces it, and what they call open is open there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.core.aws import Answered, AwsFacts
from airflow_mlsecops.core.check import Demand
from airflow_mlsecops.core.environment import Aws, Environment
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Status
from tests.isolation.seaweed import client, seaweed

pytestmark = pytest.mark.slow
PLAIN = {"Bool": {"aws:SecureTransport": "false"}}
BUCKET, OBJECTS = "arn:aws:s3:::{}", "arn:aws:s3:::{}/*"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with seaweed(tmp_path_factory.mktemp("seaweed")) as address:
        yield address


def deny(**changes: Any) -> dict[str, Any]:
    whole = {"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [BUCKET, OBJECTS]}
    return {**whole, "Condition": PLAIN, **changes}


POLICIES = {
    "tls-only": [deny()],
    "tls-by-two-statements": [deny(Resource=BUCKET), deny(Sid="Objects", Resource=OBJECTS)],
    "tls-among-others": [deny(), {"Sid": "Read", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": OBJECTS}],
    "bucket-alone": [deny(Resource=BUCKET)],
    "one-folder": [deny(Resource=[BUCKET, f"{OBJECTS[:-1]}other/*"])],
    "the-wrong-way-round": [deny(Condition={"Bool": {"aws:SecureTransport": "true"}})],
    "writes-alone": [deny(Action="s3:PutObject")],
    "allowed-instead": [deny(Effect="Allow")],
    "and-from-there": [deny(Condition={**PLAIN, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})],
}  # fmt: skip


@pytest.mark.parametrize("name", POLICIES)
def test_plain_text_is_refused_where_the_check_passes_and_only_there(endpoint: str, name: str) -> None:
    admin, bucket = client(endpoint, "admin"), name
    admin.create_bucket(Bucket=bucket)
    admin.put_object(Bucket=bucket, Key="features/part", Body=b"1")
    document = json.dumps({"Version": "2012-10-17", "Statement": POLICIES[name]}).replace("{}", bucket)
    admin.put_bucket_policy(Bucket=bucket, Policy=document)
    refused = not _readable(client(endpoint, "train"), bucket)
    assert (_tls(bucket, document) is Status.PASS) is refused


def test_data_that_was_replaced_is_refused_by_its_tag(endpoint: str) -> None:
    """What was scanned can be asked for by its tag: the server gives nothing else in its place."""
    admin = client(endpoint, "admin")
    admin.create_bucket(Bucket="replaced")
    before = admin.put_object(Bucket="replaced", Key="part", Body=b"a")["ETag"]
    admin.put_object(Bucket="replaced", Key="part", Body=b"b")
    with pytest.raises(ClientError, match=r"PreconditionFailed|412"):
        admin.get_object(Bucket="replaced", Key="part", IfMatch=before)


def test_who_comes_from_elsewhere_is_refused(endpoint: str) -> None:
    admin = client(endpoint, "admin")
    for bucket, network, readable in (("near", "127.0.0.0/8", True), ("far", "10.0.0.0/8", False)):
        admin.create_bucket(Bucket=bucket)
        admin.put_object(Bucket=bucket, Key="features/part", Body=b"1")
        only = deny(Action="s3:GetObject", Resource=OBJECTS, Condition={"NotIpAddress": {"aws:SourceIp": network}})
        document = json.dumps({"Version": "2012-10-17", "Statement": [only]}).replace("{}", bucket)
        admin.put_bucket_policy(Bucket=bucket, Policy=document)
        assert _readable(client(endpoint, "train"), bucket) is readable


def _tls(bucket: str, document: str) -> Status:
    answers = {f"s3.get_bucket_policy Bucket={bucket}": Answered(answer={"Policy": document})}
    facts = Facts(dataset=f"s3://{bucket}/features", aws=AwsFacts(answers=answers))
    demand = Demand(environment="prod", profile=Environment(aws=Aws()))
    (finding,) = all_checks()["S3_TLS"].inspect(facts, demand)
    return finding.status


def _readable(reader: Any, bucket: str) -> bool:
    try:
        reader.get_object(Bucket=bucket, Key="features/part")["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True
