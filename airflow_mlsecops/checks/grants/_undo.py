"""The command that ends a way in, and what a policy says once somebody is taken out of it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from airflow_mlsecops.checks._statements import Principal, Statement
from airflow_mlsecops.checks.grants._decide import Way
from airflow_mlsecops.checks.grants._estate import AccessPoint, Bucket, Estate, Policy, changeable
from airflow_mlsecops.checks.grants._policies import names
from airflow_mlsecops.checks.grants._who import Held, Sort, Who
from airflow_mlsecops.core.unseen import NotObserved

# A policy of trust must say something: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
_NOBODY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]}'


def undo(estate: Estate, who: Who, way: Way) -> str:
    """The command; empty where there is none that ends this way, or none that leaves what denies in its place."""
    if way.held is not None:
        return take_away(who, way.held)
    if way.acl:
        return shut_lists(estate.bucket)
    policy = way.point.policy if way.point else estate.bucket.policy
    if way.statement is None or policy is None or isinstance(policy.statements, NotObserved):
        return ""
    if policy.text:
        less = narrowed(policy, {place(policy, way.statement): rest(way.statement, (who,))})
        return put_point(way.point, less) if way.point else put_bucket(estate.bucket.name, less)
    if len(policy.statements) > 1:
        return ""  # the others, which may deny, would go with it
    return put_point(way.point, None) if way.point else put_bucket(estate.bucket.name, None)


def untaken(who: Who, role: Who) -> str:
    """The command after which a role can no longer be taken by somebody; empty where its trust was not kept."""
    trust = role.trust
    if trust is None or not trust.text or isinstance(trust.statements, NotObserved):
        return ""
    ends = {number: rest(one, (who,)) for number, one in enumerate(trust.statements) if lets(one, who)}
    return put_trust(role.arn, narrowed(trust, ends) or nobody())


def lets(statement: Statement, who: Who) -> bool:
    """True if a statement lets somebody in, by whatever name it calls them."""
    return statement.allow and (statement.everybody_but or bool(names(statement.principals, who)))


def rest(statement: Statement, gone: Iterable[Who]) -> tuple[Principal, ...]:
    """Whom a statement may still speak of, when certain people are gone from it."""
    gone = tuple(gone)
    kept = () if statement.everybody_but else statement.principals
    return tuple(one for one in kept if not any(names((one,), who) for who in gone))


def narrowed(policy: Policy, ends: Mapping[int, tuple[Principal, ...]]) -> Policy | None:
    """A policy some of whose statements speak of fewer; itself where they do not, ``None`` where none of them is left.

    :param ends: whom a statement is to speak of, by its place; a statement that speaks of nobody goes
    """
    document = json.loads(policy.text)
    said = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    left = [_speaking_of(one, ends.get(n)) for n, one in enumerate(said) if ends.get(n, True)]
    if left == said:
        return policy
    text = json.dumps({**document, "Statement": left}, separators=(",", ":"))
    return changeable(policy.name, text) if left else None


def nobody() -> Policy:
    """A policy of trust by which nobody can take a role."""
    return changeable("trust", _NOBODY)


def place(policy: Policy, statement: Statement) -> int:
    """Where in a policy a statement stands."""
    all_of_them = () if isinstance(policy.statements, NotObserved) else policy.statements
    return next(number for number, one in enumerate(all_of_them) if one is statement)


def command(service: str, verb: str, **options: str) -> str:
    """A command of AWS' command line, whatever its names hold.

    :param options: by name; an empty one is left out
    """
    told = (_option(name.replace("_", "-"), value) for name, value in options.items() if value)
    return " ".join(("aws", service, verb, *told))


def _option(name: str, value: str) -> str:
    between = "=" if value.startswith("-") else " "  # or a name would be an option of its own
    return f"--{name}{between}{shlex.quote(value)}"


def put_bucket(bucket: str, policy: Policy | None) -> str:
    """The command that gives a bucket a policy, or takes away the one that it has."""
    if policy is None:
        return command("s3api", "delete-bucket-policy", bucket=bucket)
    return command("s3api", "put-bucket-policy", bucket=bucket, policy=policy.text)


def put_point(point: AccessPoint, policy: Policy | None) -> str:
    """The same of an access point."""
    # Another region may have another access point of that name.
    *_, region, account, resource = point.arn.split(":", 5)
    which = {"region": region, "account_id": account, "name": resource.rpartition("/")[2]}
    if policy is None:
        return command("s3control", "delete-access-point-policy", **which)
    return command("s3control", "put-access-point-policy", **which, policy=policy.text)


def put_trust(role: str, policy: Policy) -> str:
    """The command that says who can take a role."""
    name = role.rpartition("/")[2]
    return command("iam", "update-assume-role-policy", role_name=name, policy_document=policy.text)


def shut_lists(bucket: Bucket) -> str:
    """The command after which access control lists count for nothing."""
    rules = "Rules=[{ObjectOwnership=BucketOwnerEnforced}]"
    return command("s3api", "put-bucket-ownership-controls", bucket=bucket.name, ownership_controls=rules)


def take_away(who: Who, held: Held) -> str:
    """The command that takes a policy of their own from somebody."""
    if held.group:
        return command("iam", "remove-user-from-group", user_name=who.name, group_name=held.group)
    kind = "user" if who.sort is Sort.USER else "role"
    whose = {f"{kind}_name": who.name}
    if held.policy.arn:
        return command("iam", f"detach-{kind}-policy", **whose, policy_arn=held.policy.arn)
    return command("iam", f"delete-{kind}-policy", **whose, policy_name=held.policy.name)


def _speaking_of(statement: dict[str, Any], principals: tuple[Principal, ...] | None) -> dict[str, Any]:
    if principals is None:
        return statement
    whom: dict[str, list[str]] = {}
    for one in principals:
        whom.setdefault(one.kind, []).append(one.name)
    spelt = {kind: names[0] if len(names) == 1 else names for kind, names in whom.items()}
    return {**{name: value for name, value in statement.items() if name != "NotPrincipal"}, "Principal": spelt}
