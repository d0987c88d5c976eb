"""Everybody who may turn out to read: those who are listed, those whom a policy names, and strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from airflow_mlsecops.checks._narrowing import ACCOUNT
from airflow_mlsecops.checks._people import person, role_in
from airflow_mlsecops.checks._statements import Principal
from airflow_mlsecops.checks.grants._conditions import Known
from airflow_mlsecops.checks.grants._estate import Account, Estate, Group, Identities, Levels, Policy, Role, User
from airflow_mlsecops.core.grant import Allowed, Kind
from airflow_mlsecops.core.unseen import NotObserved

_IN_TEXT = re.compile(r"(?<!\d)\d{12}(?!\d)")
ANY_SERVICE = "*.amazonaws.com"  # public access blocks let every service through a public policy
_SERVICE: Known = {"aws:principalisawsservice": "true"}


class Sort(StrEnum):
    """How much is known of somebody."""

    USER = "user"
    ROLE = "role"
    ROOT = "root"
    SERVICE = "service"
    PROVIDER = "identity provider"
    OUTSIDE = "outside"  # of an account whose insides nobody looked at
    STRANGER = "stranger"  # of an account that no policy names, or without any


@dataclass(frozen=True, slots=True)
class Held:
    """A policy that somebody holds.

    :param group: through which
    """

    policy: Policy
    group: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Who:
    """Somebody who may read.

    :param arn: ARN, account, service or ``*``
    :param trust: of a role
    """

    arn: str
    account: str
    sort: Sort
    kind: Kind
    held: tuple[Held, ...] = ()
    boundary: Policy | None = None
    trust: Policy | None = None
    canonical: str = ""
    scps: Levels = ()
    known: Known = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What commands call it."""
        return self.arn.rpartition("/")[2]


def everybody(estate: Estate) -> tuple[Who, ...]:
    """All candidates, each once."""
    found = {who.arn: who for who in (*_listed(estate), *_named(estate))}
    service = Who(ANY_SERVICE, "", Sort.SERVICE, Kind.SERVICE, known=_SERVICE)
    stranger = Who("*", "", Sort.STRANGER, Kind.ANYBODY, known={"aws:principalisawsservice": "false"})
    return (*found.values(), service, stranger)


def documents(estate: Estate) -> Iterator[Policy]:
    """Every policy that names principals."""
    bucket = estate.bucket
    points = () if isinstance(bucket.access_points, NotObserved) else bucket.access_points
    key = None if isinstance(bucket.key, NotObserved) else bucket.key
    yield from (one for one in (bucket.policy, *(point.policy for point in points), key and key.policy) if one)
    for account in estate.accounts:
        if isinstance(account.identities, Identities):
            yield from (role.trust for role in account.identities.roles)
        if not isinstance(account.rcps, NotObserved):  # their conditions may leave in an account that none else names
            yield from (one for level in account.rcps for one in level)


def _listed(estate: Estate) -> Iterator[Who]:
    owner = estate.bucket.account
    unlooked = () if any(one.id == owner for one in estate.accounts) else (Account(id=owner),)
    for account in (*estate.accounts, *unlooked):
        if isinstance(account.identities, NotObserved):
            kind = Kind.UNTOLD if account.id == owner else Kind.OUTSIDE
            yield Who(account.id, account.id, Sort.OUTSIDE, kind, canonical=account.canonical, scps=account.scps)
            continue
        groups = {group.name: group for group in account.identities.groups}
        yield from (_user(user, account, groups) for user in account.identities.users)
        yield from (_role(role, account, estate) for role in account.identities.roles)
        root = f"arn:{partition(estate)}:iam::{account.id}:root"
        yield _inside(root, account, Sort.ROOT, Kind.PERSON)


def _user(user: User, account: Account, groups: dict[str, Group]) -> Who:
    held = [Held(policy) for policy in user.policies]
    for name in user.groups:
        group = groups.get(name) or Group(name=name, policies=(_unread(f"of group {name}"),))
        held.extend(Held(policy, name) for policy in group.policies)
    return _inside(user.arn, account, Sort.USER, Kind.PERSON, held=tuple(held), boundary=user.boundary)


def _role(role: Role, account: Account, estate: Estate) -> Who:
    kind = Kind.PERSON if person(role.arn, estate.people) else Kind.APPLICATION
    held = tuple(Held(policy) for policy in role.policies)
    return _inside(role.arn, account, Sort.ROLE, kind, held=held, boundary=role.boundary, trust=role.trust)


def _inside(
    arn: str,
    account: Account,
    sort: Sort,
    kind: Kind,
    held: tuple[Held, ...] = (),
    boundary: Policy | None = None,
    trust: Policy | None = None,
) -> Who:
    known = _known(arn, account.id) | {"aws:username": arn.rpartition("/")[2] if sort is Sort.USER else None}
    return Who(arn, account.id, sort, kind, held, boundary, trust, account.canonical, account.scps, known)


def _known(arn: str, account: str) -> dict[str, str | None]:
    known: dict[str, str | None] = {"aws:principalisawsservice": "false"}
    if account:
        known |= {"aws:principalaccount": account, "kms:calleraccount": account}
    if ":iam::" in arn:
        known["aws:principalarn"] = arn
    return known


def _named(estate: Estate) -> Iterator[Who]:
    listed = {who.arn: who for who in _listed(estate)}
    insides = {account.id: account for account in estate.accounts if isinstance(account.identities, Identities)}
    readers = () if isinstance(estate.bucket.readers, NotObserved) else estate.bucket.readers
    canonical = {account.canonical for account in estate.accounts}
    for principal in (*_principals(estate), *(Principal(kind="CanonicalUser", name=one) for one in readers)):
        name, account = principal.name, principal.account
        if principal.anybody or name in listed or name in canonical or name.startswith("http"):
            continue
        if principal.kind == "Service":
            yield Who(name, "", Sort.SERVICE, Kind.SERVICE, known=_SERVICE)
        elif principal.kind == "Federated":
            kind = Kind.PERSON if ":saml-provider/" in name else Kind.UNTOLD
            yield Who(name, "", Sort.PROVIDER, kind)
        elif account not in insides:
            yield from (one for one in (_outside(name, account, estate),) if one.arn not in listed)
        elif ":federated-user/" in name:
            scps = insides[account].scps
            yield Who(name, account, Sort.OUTSIDE, Kind.PERSON, scps=scps, known=_known(name, account))


def _outside(name: str, account: str, estate: Estate) -> Who:
    """Somebody, or all, of an account whose identities nobody looked at."""
    arn = account if name.endswith(":root") else name
    kind = Kind.OUTSIDE
    if account == estate.bucket.account:
        kind = Kind.PERSON if person(arn, estate.people) else Kind.UNTOLD
    scps = next((one.scps for one in estate.accounts if one.id == account), NotObserved())
    return Who(arn, account, Sort.OUTSIDE, kind, scps=scps, known=_known(arn, account))


def _principals(estate: Estate) -> Iterator[Principal]:
    key = estate.bucket.key
    grants = () if key is None or isinstance(key, NotObserved) or isinstance(key.grants, NotObserved) else key.grants
    yield from (Principal(kind="AWS", name=grant.grantee) for grant in grants if grant.grantee.startswith("arn:"))
    for document in documents(estate):
        for statement in () if isinstance(document.statements, NotObserved) else document.statements:
            yield from statement.principals
            for keys in statement.conditions.values():
                for value in (one for values in keys.values() for one in values):
                    yield from (Principal(kind="AWS", name=account) for account in _IN_TEXT.findall(value))


def called(principal: str, told: Kind, allowed: Allowed) -> Kind:
    """What somebody is: a person where the policy says so, then what is told, then the policy again."""
    by_policy = allowed.kind(principal)
    return by_policy if by_policy is Kind.PERSON or told is Kind.UNTOLD else told


def session_of(arn: str, role: Who) -> bool:
    """True if an ARN is that of a session of a role."""
    parts = arn.split(":", 5)
    return ":assumed-role/" in arn and parts[4] == role.account and role_in(arn) == role.name


def names_account(principal: Principal, account: str) -> bool:
    """True if a principal of a policy stands for all that an account lets act."""
    whole = principal.name.endswith(":root") or ACCOUNT.fullmatch(principal.name) is not None
    return bool(account) and whole and principal.account == account


def _unread(name: str) -> Policy:
    return Policy(name=name, statements=NotObserved())


def partition(estate: Estate) -> str:
    """Of AWS: ``aws``, or that of China or of a government, as names of the owner's things and the bucket's say."""
    found = (arn.split(":")[1] for arn in _names(estate) if arn.startswith("arn:"))
    return next((one for one in found if one and "*" not in one and "?" not in one), "aws")


def _names(estate: Estate) -> Iterator[str]:
    bucket = estate.bucket
    for account in estate.accounts:
        if isinstance(account.identities, Identities):
            yield from (role.arn for role in account.identities.roles)
            yield from (user.arn for user in account.identities.users)
    yield from () if bucket.key is None or isinstance(bucket.key, NotObserved) else (bucket.key.arn,)
    yield from () if isinstance(bucket.access_points, NotObserved) else (one.arn for one in bucket.access_points)
    said = (
        () if bucket.policy is None or isinstance(bucket.policy.statements, NotObserved) else bucket.policy.statements
    )
    yield from (arn for one in said for arn in (*one.resources, *one.not_resources))
