"""What AWS was asked and what it answered, kept as it came: judgement can be repeated next year without AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel, to_pascal

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.unseen import NotObserved, Unseen

# How services say that an answer goes on: IAM, KMS, RDS and most others.
_MORE = ("IsTruncated", "Truncated", "NextMarker", "Marker", "NextToken", "nextToken")


class Shape(BaseModel):
    """The part of an answer that checks read; what AWS adds to its answers is no error, what is missing is.

    Fields are named as AWS names them, in Python's spelling: ``kms_key_id`` reads ``KmsKeyId``.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, alias_generator=to_pascal)


class CamelShape(Shape):
    """The same, of services whose names begin small (ECR, ECS, Batch): ``image_uri`` reads ``imageUri``."""

    model_config = ConfigDict(alias_generator=to_camel)


A = TypeVar("A", bound=Shape)


class Call(Frozen):
    """One read-only question to AWS.

    :param service: name of boto3's client; ``operation``: name of its method
    :param params: what the method is called with
    :param action: the IAM action it needs; empty: none
    :param absent: documented error codes that say *not configured*, which is an answer
    :param as_task: asked with the task's own credentials, not the auditor's: it is about who the task is
    :param region: asked there; empty: in the connection's region
    :param keep: what of the answer is kept
    """

    service: str
    operation: str
    params: dict[str, Any] = {}
    action: str = ""
    absent: tuple[str, ...] = ()
    as_task: bool = False
    region: str = ""
    keep: Callable[[Any], Any] | None = Field(default=None, exclude=True, repr=False)

    @property
    def key(self) -> str:
        """What its answer is kept under: ``s3.get_bucket_policy Bucket=ml-prod``."""
        told = (f"{name}={_told(value)}" for name, value in sorted(self.params.items()))
        place = (f"@{self.region}",) if self.region else ()
        asker = ("(as the task)",) if self.as_task else ()
        return " ".join((f"{self.service}.{self.operation}", *asker, *told, *place))


def _told(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[A]):
    """A kind of question: what it needs, and the shape of its answer.

    :param service: name of boto3's client; ``name``: name of its method
    :param shape: what is read of the answer
    :param action: the IAM action it needs (``s3:GetBucketPolicy``); empty: none
    :param absent: documented error codes that say *not configured*
    :param as_task: asked with the task's own credentials
    :param keep: what of an answer is kept; drops values that may be secret, before anything is stored
    """

    service: str
    name: str
    shape: type[A]
    action: str
    absent: tuple[str, ...] = ()
    as_task: bool = False
    keep: Callable[[Any], Any] | None = None

    def call(self, region: str = "", **params: Any) -> Call:
        """The question, of certain resources."""
        return Call(
            service=self.service, operation=self.name, params=params, action=self.action, absent=self.absent,
            as_task=self.as_task, region=region, keep=self.keep,
        )  # fmt: skip


class Answered(Frozen):
    """What AWS answered, as JSON."""

    answer: dict[str, Any]


class Absent(Frozen):
    """AWS answered that this is not configured, by this documented error code."""

    absent: str


def _goes_on(answer: Mapping[str, Any]) -> bool:
    """True for a page after which there is another: what stands there must not be left out."""
    return any(answer.get(name) for name in _MORE)


def _asks_on(operation: Operation[Any], call: Call) -> bool:
    """True for questions that read where the next page is, and for those that want the first few of a list."""
    return "next_token" in operation.shape.model_fields or "MaxResults" in call.params


class Credentials(Frozen):
    """How the task came by its credentials.

    :param method: botocore's name of the way (``iam-role``, ``assume-role``, ``env``, ``shared-credentials-file``…)
    :param long_lived: whether they are an access key that does not end by itself
    """

    method: str
    long_lived: bool | NotObserved = NotObserved()


class AwsFacts(Frozen):
    """What was observed of AWS.

    :param region: the region that the task's connection works in
    :param credentials: how the task came by its credentials
    :param answers: by key of the call
    """

    region: str | NotObserved = NotObserved()
    credentials: Credentials | NotObserved = NotObserved()
    answers: Mapping[str, Answered | Absent | NotObserved] = {}

    def ask(self, operation: Operation[A], region: str = "", **params: Any) -> A | None:
        """The answer to a question about certain resources; ``None`` where AWS says that it is not configured.

        :raises Unseen: if nobody asked yet, if AWS refused, or if the answer has not the shape that is expected
        """
        call = operation.call(region, **params)
        found = self.answers.get(call.key)
        if found is None:
            raise Unseen(call.key, NotObserved(why="AWS was not asked"), wants=call)
        if isinstance(found, NotObserved):
            raise Unseen(call.key, found)
        if isinstance(found, Absent):
            if found.absent in operation.absent:
                return None
            raise Unseen(call.key, NotObserved(why=f"AWS answered with an error ({found.absent})"))
        if _goes_on(found.answer) and not _asks_on(operation, call):
            raise Unseen(call.key, NotObserved(why="AWS answered in part"))
        try:
            return operation.shape.model_validate(found.answer)
        except ValidationError:
            failure = NotObserved(why="AWS answered in a shape that is not expected")
        raise Unseen(call.key, failure)

    def need(self, operation: Operation[A], region: str = "", **params: Any) -> A:
        """The same, of what always is there.

        :raises Unseen: also if AWS says that it is not configured
        """
        found = self.ask(operation, region, **params)
        if found is None:
            raise Unseen(operation.call(region, **params).key, NotObserved(why="AWS does not know it"))
        return found
