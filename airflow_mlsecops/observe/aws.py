"""AWS, asked what the checks want to know: in rounds, each question once, several at a time, up to a limit.

A check that lacks an answer says which call would give it. All calls that all checks lack are made together; then the
checks are asked again, until none lacks anything that can be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from airflow_mlsecops.core.aws import Absent, Answered, AwsFacts, Call, Credentials
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.unseen import NotObserved

MOST_CALLS = 3_000
MOST_ITEMS = 10_000
AT_ONCE = 8

_Answer = Answered | Absent | NotObserved
_CODE = re.compile(r"[A-Za-z0-9._-]{1,80}")
_DENIED = re.compile(r"AccessDenied.*|Unauthorized.*|AuthorizationError|NotAuthorized.*|Forbidden|403|.*Unauthorized")
_STRANGER = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "AuthFailure",
    }
)
_ENDED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_BUSY = re.compile(r"Throttl.*|TooManyRequests.*|RequestLimitExceeded|SlowDown|ServiceUnavailable|503|429")
_FOREIGN = frozenset(
    {"NotImplemented", "MethodNotAllowed", "InvalidAction", "UnknownOperationException", "404", "405", "500", "501"}
)


class Door(Protocol):
    """The way to AWS: clients of boto3 that carry a connection's credentials."""

    @property
    def region(self) -> str | NotObserved: ...  # noqa: D102
    @property
    def credentials(self) -> Credentials | NotObserved: ...  # noqa: D102

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        """A client of a service.

        :raises SourceError: if there is none
        """
        ...


def observe(door: Door, wanted: Callable[[AwsFacts], tuple[Call, ...]], *, most_calls: int = MOST_CALLS) -> AwsFacts:
    """Ask AWS until the checks want to know nothing more.

    :param door: how to reach it
    :param wanted: calls that would tell the checks more, given what is known
    :param most_calls: after so many, whatever else is wanted is *not observed*
    """
    facts = AwsFacts(region=door.region, credentials=door.credentials)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mlsecops-aws") as pool:
        while calls := wanted(facts):
            left = max(0, most_calls - len(facts.answers))
            answers = dict.fromkeys((call.key for call in calls), _gave_up(most_calls))
            asked = [(call, _client(door, call)) for call in calls[:left]]  # sessions of boto3 serve one thread
            answers |= zip((call.key for call in calls[:left]), pool.map(lambda one: _ask(*one), asked), strict=True)
            facts = facts.model_copy(update={"answers": {**facts.answers, **answers}})
    return facts


def _gave_up(most_calls: int) -> _Answer:
    return NotObserved(why=f"AWS was asked {most_calls:,} questions, and no more than that")


def _client(door: Door, call: Call) -> Any:
    try:
        return door.client(call.service, as_task=call.as_task, region=call.region)
    except SourceError as error:
        return NotObserved(why=str(error))
    except BotoCoreError as error:  # an unknown service, no region, no credentials
        return NotObserved(why=f"AWS could not be asked ({type(error).__name__})")


def _ask(call: Call, client: Any) -> _Answer:
    if isinstance(client, NotObserved):
        return client
    if not hasattr(client, call.operation):
        return NotObserved(why=f"the installed boto3 does not know {call.service}.{call.operation}: upgrade it")
    try:
        answer = _answer(call, client)
    except ClientError as error:
        return _refusal(call, error)
    except SourceError as error:  # a request that is led to a place that the policy rules out
        return NotObserved(why=str(error))
    except BotoCoreError as error:
        return NotObserved(why=f"AWS could not be asked ({type(error).__name__})")
    except (NotImplementedError, ResponseParserError):
        return NotObserved(why="the endpoint does not support it")
    return answer


def _answer(call: Call, client: Any) -> _Answer:
    if "MaxResults" not in call.params and client.can_paginate(call.operation):
        pages = client.get_paginator(call.operation).paginate(**call.params, PaginationConfig={"MaxItems": MOST_ITEMS})
        read = pages.build_full_result()
        if pages.resume_token:
            return NotObserved(why=f"there are more than {MOST_ITEMS:,} of them")
    else:
        read = getattr(client, call.operation)(**call.params)
    plain = _plain(read)
    plain.pop("ResponseMetadata", None)
    return Answered(answer=call.keep(plain) if call.keep else plain)


def _refusal(call: Call, error: ClientError) -> _Answer:
    """What an error code says; its text is never repeated, for it may name what was asked about."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    code = code if _CODE.fullmatch(code) else "no code"
    if code in call.absent:
        return Absent(absent=code)
    return NotObserved(why=f"{_because(call, code)} ({code})")


def _because(call: Call, code: str) -> str:
    if _DENIED.fullmatch(code):
        return f"permission {call.action} is missing" if call.action else "AWS refuses to say"
    if code in _STRANGER:
        return "AWS does not know the credentials of the connection"
    if code in _ENDED:
        return "the credentials of the connection have ended"
    if _BUSY.fullmatch(code):
        return "AWS was too busy to answer, also when asked again"
    return "the endpoint does not support it" if code in _FOREIGN else "AWS answered with an error"


def _plain(value: Any) -> Any:
    """An answer as JSON; what is no text, number or truth is left out."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, str | int | float | bool | None) else None
