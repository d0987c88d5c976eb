"""AWS is asked each question once, in rounds, within a limit; whatever goes wrong is *not observed*, with its reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, NoRegionError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from moto import mock_aws

from airflow_mlsecops.core.aws import Absent, Answered, AwsFacts, Call, Credentials, Operation, Shape
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.unseen import NotObserved
from airflow_mlsecops.observe.aws import observe

POLICY = Call(
    service="s3", operation="get_bucket_policy", params={"Bucket": "b"}, action="s3:GetBucketPolicy",
    absent=("NoSuchBucketPolicy",),
)  # fmt: skip
VALUE = "alice@example.com"
STATEMENT = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})


class Door:
    """A way to AWS that hands out one client, and tells who asked for it."""

    region = "eu-central-1"
    credentials = Credentials(method="iam-role", long_lived=False)

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: list[tuple[str, bool, str]] = []

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        self.asked.append((service, as_task, region))
        if isinstance(self._client, Exception):
            raise self._client
        return self._client


def wants(*calls: Call) -> Callable[[AwsFacts], tuple[Call, ...]]:
    return lambda facts: tuple(call for call in calls if call.key not in facts.answers)


def s3() -> Any:
    return boto3.client("s3", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="y")


def answered(call: Call, client: Any) -> Answered | Absent | NotObserved:
    return observe(Door(client), wants(call)).answers[call.key]


def refused(code: str, call: Call = POLICY) -> Answered | Absent | NotObserved:
    client = s3()
    with Stubber(client) as stub:
        stub.add_client_error(call.operation, code, f"{VALUE} may not", 400)
        return answered(call, client)


def test_an_answer_is_kept_as_it_came() -> None:
    client = s3()
    with Stubber(client) as stub:
        stub.add_response("get_bucket_policy", {"Policy": "{}"}, {"Bucket": "b"})
        assert answered(POLICY, client) == Answered(answer={"Policy": "{}"})


def test_documented_absence_is_an_answer() -> None:
    assert refused("NoSuchBucketPolicy") == Absent(absent="NoSuchBucketPolicy")


REFUSALS = [
    ("AccessDenied", "permission s3:GetBucketPolicy is missing"),
    ("AccessDeniedException", "permission s3:GetBucketPolicy is missing"),
    ("UnauthorizedOperation", "permission s3:GetBucketPolicy is missing"),
    ("403", "permission s3:GetBucketPolicy is missing"),
    ("InvalidAccessKeyId", "does not know the credentials"),
    ("ExpiredToken", "have ended"),
    ("ThrottlingException", "too busy"),
    ("SlowDown", "too busy"),
    ("NotImplemented", "does not support it"),
    ("MethodNotAllowed", "does not support it"),
    ("500", "does not support it"),
    ("NoSuchBucket", "answered with an error (NoSuchBucket)"),
    ("InternalError", "answered with an error"),
]


@pytest.mark.parametrize(("code", "told"), REFUSALS)
def test_a_refusal_names_what_is_missing_and_repeats_no_text(code: str, told: str) -> None:
    answer = refused(code)
    assert isinstance(answer, NotObserved)
    assert told in answer.why
    assert VALUE not in answer.why


def test_a_code_that_is_no_code_is_not_repeated() -> None:
    answer = refused(f"Denied for {VALUE}")
    assert isinstance(answer, NotObserved)
    assert VALUE not in answer.why


class Broken:
    """A client whose call ends in an error of its own."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def can_paginate(self, _operation: str) -> bool:
        return False

    def get_bucket_policy(self, **_: Any) -> Any:
        raise self._error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (EndpointConnectionError(endpoint_url=f"http://{VALUE}"), "could not be asked (EndpointConnectionError)"),
        (NotImplementedError(VALUE), "the endpoint does not support it"),
        (SourceError("a public address would be asked", code="NOT_OFFLINE"), "a public address"),
    ],
)
def test_trouble_on_the_way_is_not_observed(error: Exception, told: str) -> None:
    answer = answered(POLICY, Broken(error))
    assert isinstance(answer, NotObserved)
    assert told in answer.why
    assert VALUE not in answer.why


@pytest.mark.parametrize("error", [SourceError("no connection", code="NO_CONNECTION"), NoRegionError()])
def test_without_a_client_nothing_is_observed(error: Exception) -> None:
    assert isinstance(answered(POLICY, error), NotObserved)


def test_an_operation_that_boto3_does_not_know_is_not_observed() -> None:
    call = POLICY.model_copy(update={"operation": "get_bucket_opinion"})
    answer = answered(call, s3())
    assert isinstance(answer, NotObserved)
    assert "upgrade" in answer.why


@mock_aws
def test_lists_are_read_to_their_end() -> None:
    client = boto3.client("iam", region_name="us-east-1")
    for number in range(120):
        client.create_policy(PolicyName=f"p{number}", PolicyDocument=DOCUMENT)
    call = Call(service="iam", operation="list_policies", params={"Scope": "Local"}, action="iam:ListPolicies")
    answer = answered(call, client)
    assert isinstance(answer, Answered)
    assert len(answer.answer["Policies"]) == 120
    assert isinstance(answer.answer["Policies"][0]["CreateDate"], str)  # JSON, to be stored and read again


def test_a_list_without_end_is_not_observed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_mlsecops.observe.aws.MOST_ITEMS", 5)
    with mock_aws():
        client = boto3.client("iam", region_name="us-east-1")
        for number in range(6):
            client.create_policy(PolicyName=f"p{number}", PolicyDocument=DOCUMENT)
        call = Call(service="iam", operation="list_policies", params={"Scope": "Local"}, action="iam:ListPolicies")
        answer = answered(call, client)
    assert isinstance(answer, NotObserved)


def test_what_may_hold_secrets_is_dropped_before_it_is_kept() -> None:
    class Whole(Shape):
        policy: str

    operation = Operation(
        service="s3", name="get_bucket_policy", shape=Whole, action="s3:GetBucketPolicy", keep=lambda _: {"Policy": "-"}
    )
    client = s3()
    with Stubber(client) as stub:
        stub.add_response("get_bucket_policy", {"Policy": VALUE})
        assert answered(operation.call(Bucket="b"), client) == Answered(answer={"Policy": "-"})


def test_an_operation_tells_its_questions_all_that_it_says() -> None:
    operation = Operation(
        service="s3", name="get_bucket_policy", shape=Shape, action="s3:GetBucketPolicy",
        absent=("NoSuchBucketPolicy",), as_task=True,
    )  # fmt: skip
    assert operation.call("eu-west-1", Bucket="b") == POLICY.model_copy(update={"as_task": True, "region": "eu-west-1"})


def test_streams_are_left_out() -> None:
    client = s3()
    with Stubber(client) as stub:
        stub.add_response("get_object", {"Body": StreamingBody(None, 0), "ETag": '"e"'})
        call = Call(service="s3", operation="get_object", params={"Bucket": "b", "Key": "k"})
        assert answered(call, client) == Answered(answer={"Body": None, "ETag": '"e"'})


def test_each_question_is_asked_once_in_as_few_rounds_as_its_answers_allow() -> None:
    class Counting:
        made: list[str] = []

        def can_paginate(self, _operation: str) -> bool:
            return False

        def get_bucket_policy(self, **params: Any) -> Any:
            self.made.append(params["Bucket"])
            return {"Policy": "{}"}

    rounds: list[int] = []

    def lacking(facts: AwsFacts) -> tuple[Call, ...]:
        rounds.append(len(facts.answers))
        first = [POLICY.model_copy(update={"params": {"Bucket": f"b{n}"}}) for n in range(20)]
        second = [POLICY.model_copy(update={"params": {"Bucket": f"c{n}"}}) for n in range(5)]
        return wants(*first, *(second if facts.answers else ()))(facts)

    facts = observe(Door(Counting()), lacking)
    assert len(facts.answers) == 25
    assert sorted(Counting.made) == sorted({*Counting.made})
    assert rounds == [0, 20, 25]


NO_MORE = "AWS was asked {} questions, and no more than that"


def test_beyond_the_limit_nothing_more_is_asked() -> None:
    client = s3()
    calls = [POLICY.model_copy(update={"params": {"Bucket": f"b{n}"}}) for n in range(3)]
    with Stubber(client) as stub:
        stub.add_response("get_bucket_policy", {"Policy": "{}"})
        facts = observe(Door(client), wants(*calls), most_calls=1)
    first, *others = (facts.answers[call.key] for call in calls)
    assert isinstance(first, Answered)
    assert [one.why for one in others if isinstance(one, NotObserved)] == [NO_MORE.format(1)] * 2


def test_the_limit_is_one_of_all_rounds() -> None:
    client = s3()
    calls = [POLICY.model_copy(update={"params": {"Bucket": f"b{n}"}}) for n in range(3)]
    with Stubber(client) as stub:
        for _ in range(2):
            stub.add_response("get_bucket_policy", {"Policy": "{}"})
        facts = observe(Door(client), lambda seen: wants(*calls)(seen)[:1], most_calls=2)
    *first, last = (facts.answers[call.key] for call in calls)
    assert [type(one) for one in first] == [Answered, Answered]
    assert last == NotObserved(why=NO_MORE.format(2))


def test_the_task_asks_who_it_is_by_itself() -> None:
    door = Door(s3())
    observe(door, wants(Call(service="sts", operation="get_caller_identity", as_task=True)))
    assert door.asked == [("sts", True, "")]


def test_a_region_of_its_own_is_asked_there() -> None:
    door = Door(s3())
    observe(door, wants(Call(service="kms", operation="list_keys", region="us-east-1")))
    assert door.asked == [("kms", False, "us-east-1")]


def test_the_newest_few_are_one_page() -> None:
    class Pages:
        def can_paginate(self, _operation: str) -> bool:
            return True

        def list_training_jobs(self, **params: Any) -> Any:
            return {"TrainingJobSummaries": [params["MaxResults"]], "NextToken": "more"}

    call = Call(service="sagemaker", operation="list_training_jobs", params={"MaxResults": 5})
    assert answered(call, Pages()) == Answered(answer={"TrainingJobSummaries": [5], "NextToken": "more"})
