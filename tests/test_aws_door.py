"""The way to AWS goes through Airflow's connection and nothing else, and offline it asks no public address."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from airflow_mlsecops.aws import AwsDoor
from airflow_mlsecops.core.aws import AwsFacts, Call, Credentials
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.unseen import NotObserved
from airflow_mlsecops.observe.aws import observe

REGION = "eu-central-1"
ROLE = "arn:aws:iam::123456789012:role/ml-train-prod"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every name that this process asks the network for; public ones of AWS are refused, and told."""
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def watched(host: Any, *rest: Any, **more: Any) -> Any:
        asked.append(str(host))
        if "amazonaws" in str(host):
            raise socket.gaierror(socket.EAI_NONAME, "refused by the test")
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    return asked


def connect(monkeypatch: pytest.MonkeyPatch, name: str, **extra: Any) -> None:
    said = {"conn_type": "aws", "login": "testing", "password": "testing", "extra": {"region_name": REGION, **extra}}
    monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(said))


def who(as_task: bool = True) -> Call:
    return Call(service="sts", operation="get_caller_identity", as_task=as_task)


def asked(door: AwsDoor, *calls: Call) -> AwsFacts:
    return observe(door, lambda facts: tuple(call for call in calls if call.key not in facts.answers))


def test_a_connection_that_is_not_there_is_not_replaced_by_what_lies_around(
    monkeypatch: pytest.MonkeyPatch, names: list[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    facts = asked(AwsDoor("aws_nowhere"), who())
    for seen in (facts.region, facts.credentials, *facts.answers.values()):
        assert isinstance(seen, NotObserved)
        assert "aws_nowhere is not there" in seen.why
    assert not any("amazonaws" in name for name in names)


def test_one_role_is_assumed_once_for_all_services(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    sts = {"sts": {"endpoint_url": endpoint}}
    connect(monkeypatch, "aws_role", endpoint_url=endpoint, role_arn=ROLE, service_config=sts)
    from airflow.providers.amazon.aws.hooks.base_aws import BaseSessionFactory

    assumed: list[int] = []
    assume = BaseSessionFactory._assume_role

    def counted(self: Any, sts_client: Any) -> Any:
        assumed.append(1)
        return assume(self, sts_client)

    monkeypatch.setattr(BaseSessionFactory, "_assume_role", counted)
    door = AwsDoor("aws_role", offline=True)
    keys = Call(service="kms", operation="list_keys", action="kms:ListKeys")
    roles = Call(service="iam", operation="list_roles", action="iam:ListRoles")
    facts = asked(door, who(), who(as_task=False), keys, roles)
    assert len(assumed) == 1
    assert not any(isinstance(answer, NotObserved) for answer in facts.answers.values())
    assert facts.credentials == Credentials(method="sts-assume-role", long_lived=False)
    told: Any = facts.answers[who().key]
    assert told.answer["Arn"].startswith("arn:aws:sts::123456789012:assumed-role/ml-train-prod/")


def test_an_endpoint_that_is_no_url_is_named_by_its_connection_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect(monkeypatch, "aws_no_url", endpoint_url="canary@localhost:5000")
    told = asked(AwsDoor("aws_no_url"), who()).answers[who().key]
    assert isinstance(told, NotObserved)
    assert "endpoint_url in the extra of connection aws_no_url" in told.why
    assert "canary" not in told.why


def test_a_key_in_the_connection_is_long_lived(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    connect(monkeypatch, "aws_key", endpoint_url=endpoint)
    assert AwsDoor("aws_key").credentials == Credentials(method="explicit", long_lived=True)
    assert AwsDoor("aws_key").region == REGION


def test_whoever_looks_looks_where_the_task_works(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    connect(monkeypatch, "aws_key", endpoint_url=endpoint)
    connect(monkeypatch, "aws_audit", endpoint_url=endpoint, region_name="us-west-2")
    door = AwsDoor("aws_key", auditor="aws_audit")
    assert door.client("ec2", as_task=False, region="").meta.region_name == REGION
    assert door.client("kms", as_task=False, region="us-east-1").meta.region_name == "us-east-1"
    assert door.client("ec2", as_task=True, region="") is not door.client("ec2", as_task=False, region="")
    without = AwsDoor("aws_nowhere", auditor="aws_audit")
    with pytest.raises(SourceError, match="aws_nowhere is not there"):
        without.client("sts", as_task=True, region="")
    assert without.client("ec2", as_task=False, region="").meta.region_name == "us-west-2"


def test_accounts_are_asked_at_an_endpoint_without_names_for_them(
    monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    connect(monkeypatch, "aws_key", endpoint_url=endpoint)
    call = Call(
        service="s3control", operation="get_public_access_block", params={"AccountId": "123456789012"},
        action="s3:GetAccountPublicAccessBlock", absent=("NoSuchPublicAccessBlockConfiguration",),
    )  # fmt: skip
    (answer,) = asked(AwsDoor("aws_key"), call).answers.values()
    assert not isinstance(answer, NotObserved)


def test_an_endpoint_that_does_not_know_an_operation_says_so(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    connect(monkeypatch, "aws_key", endpoint_url=endpoint)
    xml = Call(
        service="iam", operation="simulate_principal_policy", action="iam:SimulatePrincipalPolicy",
        params={"PolicySourceArn": ROLE, "ActionNames": ["s3:GetObject"]},
    )  # fmt: skip
    rest = Call(service="accessanalyzer", operation="list_analyzers", action="access-analyzer:ListAnalyzers")
    for answer in asked(AwsDoor("aws_key"), xml, rest).answers.values():
        assert isinstance(answer, NotObserved)


OFFLINE = [
    ("no endpoint", {}, "set endpoint_url"),
    ("an endpoint of one service only", {"service_config": {"s3": {"endpoint_url": "http://127.0.0.1:1"}}}, "endpoint_url"),
    ("a role that Airflow asks for in public", {"endpoint_url": "http://127.0.0.1:1", "role_arn": ROLE}, "service_config"),
    (
        "a role by web identity",
        {
            "endpoint_url": "http://127.0.0.1:1", "role_arn": ROLE, "assume_role_method": "assume_role_with_web_identity",
            "assume_role_with_web_identity_federation": "file",
            "service_config": {"sts": {"endpoint_url": "http://127.0.0.1:1"}},
        },
        "asks a public address",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("extra", "told"), [row[1:] for row in OFFLINE], ids=[row[0] for row in OFFLINE])
def test_offline_no_public_name_is_ever_resolved(
    monkeypatch: pytest.MonkeyPatch, names: list[str], extra: dict[str, Any], told: str
) -> None:
    connect(monkeypatch, "aws_careless", **extra)
    (answer,) = asked(AwsDoor("aws_careless", offline=True), who()).answers.values()
    assert isinstance(answer, NotObserved)
    assert told in answer.why
    assert not any("amazonaws" in name for name in names)


@pytest.mark.parametrize(
    "public",
    [
        "https://sts.eu-central-1.api.aws",
        "https://sts.cn-north-1.amazonaws.com.cn",
        "https://STS.amazonaws.com.",
        "https://ml.awsapps.com/start",
        "https://health.aws.amazon.com",
    ],
)
def test_offline_no_name_of_aws_is_an_endpoint(monkeypatch: pytest.MonkeyPatch, names: list[str], public: str) -> None:
    connect(monkeypatch, "aws_named", endpoint_url=public)
    with pytest.raises(SourceError, match="offline"):
        AwsDoor("aws_named", offline=True).client("sts", as_task=True, region="")
    assert names == []


def test_offline_a_request_that_is_led_away_is_refused(
    monkeypatch: pytest.MonkeyPatch, names: list[str], endpoint: str
) -> None:
    connect(monkeypatch, "aws_led", endpoint_url=endpoint)
    client = AwsDoor("aws_led", offline=True).client("s3", as_task=True, region="")

    def lead_away(request: Any, **_: Any) -> None:
        request.url = "https://bucket.s3.amazonaws.com/key"

    client.meta.events.register("request-created.s3", lead_away)
    with pytest.raises(SourceError, match="offline"):
        client.list_buckets()
    assert not any("amazonaws" in name for name in names)


def test_not_offline_the_same_name_would_be_asked(monkeypatch: pytest.MonkeyPatch, names: list[str]) -> None:
    """The watch works: what is refused above is what this resolves."""
    connect(monkeypatch, "aws_public", config_kwargs={"retries": {"total_max_attempts": 1}})
    door = AwsDoor("aws_public")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    (answer,) = asked(door, who()).answers.values()
    assert isinstance(answer, NotObserved)
    assert any("amazonaws" in name for name in names)
