"""Everybody who can read, by each way that is open to them, and whoever can become one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain

from airflow_mlsecops.checks.grants._decide import Way, reads, takes, transport
from airflow_mlsecops.checks.grants._estate import AccessPoint, Estate, Policy
from airflow_mlsecops.checks.grants._globs import within
from airflow_mlsecops.checks.grants._how import by_whom, steps
from airflow_mlsecops.checks.grants._policies import Request, addressed
from airflow_mlsecops.checks.grants._truth import Truth, any_of, perhaps
from airflow_mlsecops.checks.grants._undo import undo, untaken
from airflow_mlsecops.checks.grants._who import ANY_SERVICE, Sort, Who, everybody, partition
from airflow_mlsecops.core.grant import Grant, Kind
from airflow_mlsecops.core.unseen import NotObserved

ACTIONS = ("s3:GetObject", "s3:GetObjectVersion")
_TAKING = "sts:AssumeRole"
_SIGNING_IN = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
STRAIGHT: Mapping[str, str | None] = {
    "s3:dataaccesspointarn": None,
    "s3:dataaccesspointaccount": None,
    "s3:accesspointnetworkorigin": None,
}


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Somebody who can read.

    :param way: by which they get at the objects; of a chain, the last of it does
    :param path: the roles that they take for it, first to last
    """

    who: Who
    grant: Grant
    way: Way
    path: tuple[Who, ...] = ()


def readers(estate: Estate) -> tuple[Grant, ...]:
    """Who can read objects of the bucket under its prefix.

    :return: one grant for each way: straight, through an access point, or by taking a role that can
    """
    return (*(one.grant for one in found(estate)), *unlisted(estate))


def found(estate: Estate) -> tuple[Found, ...]:
    """The same, with what commands are made from."""
    candidates = everybody(estate)
    straight = _without_the_same({who: tuple(_direct(estate, who)) for who in candidates})
    roles = {role: ways for role, ways in straight.items() if role.sort is Sort.ROLE and ways}
    takers = cache(partial(_takers, estate, candidates))
    taken = (one for role, ways in roles.items() for one in _chained(role, ways, takers))
    return (*chain.from_iterable(straight.values()), *taken)


def _without_the_same(straight: dict[Who, tuple[Found, ...]]) -> dict[Who, tuple[Found, ...]]:
    """Any service is not told apart from anybody, where both come in the same way."""
    grants = (one.grant for who, ways in straight.items() if who.arn == "*" for one in ways)
    anybody = {(grant.how, grant.sure) for grant in grants}
    return {
        who: tuple(one for one in ways if who.arn != ANY_SERVICE or (one.grant.how, one.grant.sure) not in anybody)
        for who, ways in straight.items()
    }


def unlisted(estate: Estate) -> Iterator[Grant]:
    """Whoever comes through an access point that nobody could list."""
    if isinstance(estate.bucket.access_points, NotObserved):
        how = ("access points of the bucket, which nobody could list",)
        yield Grant(principal="*", kind=Kind.UNTOLD, sure=False, how=how)


def _direct(estate: Estate, who: Who) -> Iterator[Found]:
    for way in _ways(estate, who):
        truth, request = _best(estate, who, way)
        if truth is not False and request is not None:
            grant = Grant(
                principal=who.arn,
                kind=_kind(who, way),
                sure=truth is True,
                how=steps(estate, request, way),
                undo=undo(estate, who, way),
                since=_since(estate, who, way),
            )
            yield Found(who, grant, way)


def _since(estate: Estate, who: Who, way: Way) -> str:
    """The latest of the dates that AWS tells of what a way is made of."""
    key = estate.bucket.key
    grants = () if key is None or isinstance(key, NotObserved) or isinstance(key.grants, NotObserved) else key.grants
    dates = [one.since for one in grants if one.grantee == who.arn]
    dates += [way.held.policy.since] if way.held else []
    dates += [way.point.since] if way.point else []
    return max(dates, default="")


def _kind(who: Who, way: Way) -> Kind:
    """What somebody is: no longer anybody, where a condition holds off whoever it does not name."""
    narrowed = who.sort is Sort.STRANGER and way.statement is not None and way.statement.narrowed
    return Kind.UNTOLD if narrowed else who.kind


def _best(estate: Estate, who: Who, way: Way) -> tuple[Truth, Request | None]:
    """What whoever asks gets at best: they choose the object, the action and the transport."""
    bucket = estate.bucket
    objects = f"arn:{partition(estate)}:s3:::{bucket.name}/"
    whole = f"{objects}{bucket.prefix}*"
    truth, request = _tried(estate, who, way, whole)
    if truth is False and bucket.itself:
        alone, request = _tried(estate, who, way, f"{objects}{bucket.itself}")
        return (alone if "." in bucket.itself.rpartition("/")[2] else perhaps(alone)), request
    if truth is not None:
        return truth, request
    for part in _parts(estate, who, whole):  # of which something may be sure that is not of all
        surely, narrower = _tried(estate, who, way, part)
        if surely:
            return surely, narrower
    return truth, request


def _tried(estate: Estate, who: Who, way: Way, resource: str) -> tuple[Truth, Request | None]:
    best: tuple[Truth, Request | None] = (False, None)
    for action in ACTIONS:
        for tls in (True, False):
            known = {**who.known, **transport(tls), **STRAIGHT, "aws:resourceaccount": estate.bucket.account}
            request = Request(who, action, resource, known)
            truth = reads(estate, request, way)
            if truth:
                return True, request
            if truth is None and best[1] is None:
                best = (None, request)
    return best


def _parts(estate: Estate, who: Who, whole: str) -> Iterator[str]:
    """Those parts of the dataset that a statement speaks of by itself."""
    policies = [one.policy for one in who.held] + [one for one in (estate.bucket.policy, who.boundary) if one]
    patterns = {
        pattern
        for policy in policies
        for one in (() if isinstance(policy.statements, NotObserved) else policy.statements)
        for pattern in one.resources
    }
    yield from sorted(one for one in patterns if one != whole and "${" not in one and within(one, whole) is True)


def _ways(estate: Estate, who: Who) -> Iterator[Way]:
    bucket = estate.bucket
    yield from _ways_by(who, bucket.account, bucket.policy)
    if bucket.acls:
        yield Way(acl=True)
    if isinstance(bucket.access_points, NotObserved):
        return
    for point in bucket.access_points:
        yield from _ways_by(who, point.arn.split(":")[4], point.policy, point)


def _ways_by(who: Who, owner: str, policy: Policy | None, point: AccessPoint | None = None) -> Iterator[Way]:
    if who.account == owner:
        if who.sort in (Sort.ROOT, Sort.OUTSIDE):
            yield Way(point=point)
            return
        yield from (Way(held=held, point=point) for held in who.held)
    if policy is None:
        return
    if isinstance(policy.statements, NotObserved):
        yield Way(unread=True, point=point)
        return
    yield from (Way(statement=one, point=point) for one in policy.statements if one.allow and addressed(one, who))


def _takers(estate: Estate, candidates: tuple[Who, ...], role: Who) -> tuple[tuple[Who, Truth], ...]:
    """Who can take a role; nobody takes what is none."""
    if role.sort is not Sort.ROLE:
        return ()
    return tuple((who, truth) for who in candidates if (truth := may_take(estate, who, role)) is not False)


def may_take(estate: Estate, who: Who, role: Who) -> Truth:
    """Whether somebody can take a role, by whichever action is theirs."""

    def by(*actions: str) -> Truth:
        return any_of(takes(estate, who, role, action, tls) for action in actions for tls in (True, False))

    if who.sort is Sort.PROVIDER:
        return by(*_SIGNING_IN)
    if who.sort is Sort.STRANGER:  # AWS does not say that a star stands for those who signed in elsewhere
        return any_of((by(_TAKING), perhaps(by(*_SIGNING_IN))))
    return by(_TAKING)


def _chained(
    reader: Who, ways: tuple[Found, ...], takers: Callable[[Who], tuple[tuple[Who, Truth], ...]]
) -> Iterator[Found]:
    """Whoever can become a reader, by the shortest chain: a sure one before one that may hold."""
    last = next((one for one in ways if one.grant.sure), ways[0])
    reached: set[Who] = {reader}
    for surely in (True, False):
        paths: dict[Who, tuple[Who, ...]] = {reader: ()}
        todo = [reader]
        for role in todo:
            for who, truth in takers(role):
                if who not in paths and (truth or not surely):
                    paths[who] = (role, *paths[role])
                    todo.append(who)
        for who in todo:
            if who not in reached:
                reached.add(who)
                yield _by_taking(who, paths[who], last, surely and last.grant.sure)


def _by_taking(who: Who, path: tuple[Who, ...], last: Found, sure: bool) -> Found:
    how = (*(f"may take {by_whom(role)}" for role in path), *last.grant.how)
    grant = Grant(principal=who.arn, kind=who.kind, sure=sure, how=how, undo=untaken(who, path[0]))
    return Found(who, grant, last.way, path)
