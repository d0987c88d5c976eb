"""A way in, in words."""

from __future__ import annotations

from airflow_mlsecops.checks._statements import Statement
from airflow_mlsecops.checks.grants._decide import Way
from airflow_mlsecops.checks.grants._estate import Estate, Key
from airflow_mlsecops.checks.grants._policies import Request, speaks
from airflow_mlsecops.checks.grants._who import Held, Sort, Who
from airflow_mlsecops.core.unseen import NotObserved

UNSEEN_KEY = "key of the bucket, if there is one, which nobody could see"


def steps(estate: Estate, request: Request, way: Way) -> tuple[str, ...]:
    """The chain from somebody to the objects."""
    told = [*_theirs(request, way)]
    if way.point is not None:
        told.append(f"access point {way.point.arn.rpartition('/')[2]}")
    if way.statement is not None:
        told.append(f"statement {way.statement.name} of the {'access point' if way.point else 'bucket'} policy")
    if way.unread:
        told.append(f"policy of the {'access point' if way.point else 'bucket'}, which nobody could read")
    if way.acl:
        told.append("access control lists of the objects")
    if isinstance(estate.bucket.key, Key):
        told.append(by_key(estate.bucket.key))
    elif isinstance(estate.bucket.key, NotObserved):
        told.append(UNSEEN_KEY)
    return (*told, f"{request.action} on {request.resource}")


def by_key(key: Key) -> str:
    """What a chain calls a key."""
    return f"key {key.arn.rpartition('/')[2]}"


def by_whom(who: Who) -> str:
    """What a chain calls somebody."""
    return f"{who.sort.value} {who.name}"


def _theirs(request: Request, way: Way) -> tuple[str, ...]:
    who, held = request.who, way.held
    if held is None:
        if not way.ours:
            return ()
        return ("root user of the account",) if who.sort is Sort.ROOT else ("policies that nobody could read",)
    owner = f"group {held.group}" if held.group else by_whom(who)
    member = (f"member of {held.group}",) if held.group else ()
    return (*member, f"{_allowing(held, request)}policy {held.policy.name} of {owner}")


def _allowing(held: Held, request: Request) -> str:
    if isinstance(held.policy.statements, NotObserved):
        return ""
    found: list[Statement] = sorted(
        (one for one in held.policy.statements if one.allow and speaks(one, request) is not False),
        key=lambda one: speaks(one, request) is None,
    )
    return f"statement {found[0].name} of " if found else ""
