"""A way in, in words, and the command that ends it."""

from __future__ import annotations

import shlex

from airflow_mlsecops.checks._statements import Statement
from airflow_mlsecops.checks.grants._decide import Way
from airflow_mlsecops.checks.grants._estate import Estate, Key
from airflow_mlsecops.checks.grants._policies import Request, speaks
from airflow_mlsecops.checks.grants._who import Held, Sort, Who
from airflow_mlsecops.core.unseen import NotObserved


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
        told.append(f"key {estate.bucket.key.arn.rpartition('/')[2]}")
    elif isinstance(estate.bucket.key, NotObserved):
        told.append("key of the bucket, if there is one, which nobody could see")
    return (*told, f"{request.action} on {request.resource}")


def undo(estate: Estate, who: Who, way: Way) -> str:
    """The command; empty where there is none that ends this way and nothing else."""
    if way.held is not None:
        return _take_away(who, way.held)
    if way.acl:
        return (
            f"aws s3api put-bucket-ownership-controls --bucket {shlex.quote(estate.bucket.name)} "
            "--ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'"
        )
    if way.statement is None:
        return ""
    policy = way.point.policy if way.point else estate.bucket.policy
    if policy is None or isinstance(policy.statements, NotObserved) or len(policy.statements) > 1:
        return ""  # the others, which may deny, would go with it
    if way.point is None:
        return f"aws s3api delete-bucket-policy --bucket {shlex.quote(estate.bucket.name)}"
    account, name = way.point.arn.split(":")[4], way.point.arn.rpartition("/")[2]
    return f"aws s3control delete-access-point-policy --account-id {account} --name {shlex.quote(name)}"


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


def _take_away(who: Who, held: Held) -> str:
    name = shlex.quote(who.name)
    if held.group:
        return f"aws iam remove-user-from-group --user-name {name} --group-name {shlex.quote(held.group)}"
    kind = "user" if who.sort is Sort.USER else "role"
    if held.policy.arn:
        return f"aws iam detach-{kind}-policy --{kind}-name {name} --policy-arn {shlex.quote(held.policy.arn)}"
    return f"aws iam delete-{kind}-policy --{kind}-name {name} --policy-name {shlex.quote(held.policy.name)}"
