"""Commands after which nobody reads whom the policy does not let, and who is let reads as before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from airflow_mlsecops.checks._statements import Principal, Statement
from airflow_mlsecops.checks.grants._aws_commands import put_bucket, put_point, put_trust, shut_lists, take_away
from airflow_mlsecops.checks.grants._estate import AccessPoint, Account, Estate, Identities, Policy, Role, User
from airflow_mlsecops.checks.grants._narrowed import lets, narrowed, nobody, rest
from airflow_mlsecops.checks.grants._policies import names
from airflow_mlsecops.checks.grants._readers import Found, found, may_take
from airflow_mlsecops.checks.grants._who import ANY_SERVICE, Sort, Who, everybody
from airflow_mlsecops.core.grant import Allowed
from airflow_mlsecops.core.unseen import NotObserved

_KINDS = {Sort.SERVICE: "Service", Sort.PROVIDER: "Federated"}


def commands(estate: Estate, ways: tuple[Found, ...], allowed: Allowed) -> tuple[str, ...]:
    """What to run, in this order; of a document that several ways go through, once, as it stands in the end.

    A policy of their own is taken from whoever is not allowed. A statement of a bucket, of an access point or of a
    role's trust no longer names them; where it let in more than it named, it names those of them who are allowed. That
    keeps neither who reads by the objects' lists alone, nor a role that its boundary bars as soon as it is named; an
    account that is allowed keeps all who are in it.

    :param ways: everybody's, into that estate
    """
    lines, after = ended(estate, ways, allowed)
    return (*lines, *_rewritten(estate, after))


def ended(estate: Estate, ways: tuple[Found, ...], allowed: Allowed) -> tuple[tuple[str, ...], Estate]:
    """Commands against what is no part of a policy of a resource, and the estate after all of them."""
    lines: dict[str, None] = {}
    # Of several chains to one role only the shortest is told: what is behind it shows when that is gone.
    while True:
        own, less = _less_by(estate, ways, allowed)
        lines |= dict.fromkeys(own)
        if less is estate:
            return tuple(lines), estate
        estate, ways = less, found(less)


def _less_by(estate: Estate, ways: tuple[Found, ...], allowed: Allowed) -> tuple[Iterator[str], Estate]:
    """What ends the ways of strangers that are seen so far, and the estate without them."""
    strangers = [one for one in ways if not allowed.lets(one.who.arn)]
    direct = [one for one in strangers if not one.path]
    kept = {one.who: None for one in ways if allowed.lets(one.who.arn) and not one.path}
    less = _without_own(estate, direct)
    less = _without_statements(less, direct, list(kept))
    return _own(estate, direct), _without_taking(less, [one for one in strangers if one.path], allowed)


def _own(estate: Estate, ways: Iterable[Found]) -> Iterator[str]:
    """Commands against what is no part of a policy of a resource."""
    yield from (take_away(one.who, one.way.held) for one in ways if one.way.held)
    yield from (shut_lists(estate.bucket) for one in ways if one.way.acl)


def _without_own(estate: Estate, ways: Iterable[Found]) -> Estate:
    gone = {(one.who.arn, one.way.held.group or id(one.way.held.policy)) for one in ways if one.way.held}
    if gone:
        estate = _each_account(estate, lambda inside: _less(inside, gone))
    if any(one.way.acl for one in ways):
        estate = _with(estate, acls=False)
    return estate


def _less(inside: Identities, gone: set[tuple[str, str | int]]) -> Identities:
    """Users and roles without some of their policies, and users without some of their groups."""

    def left(who: User | Role) -> tuple[Policy, ...]:
        return tuple(one for one in who.policies if (who.arn, id(one)) not in gone)

    users = tuple(
        user.model_copy(
            update={
                "policies": left(user),
                "groups": tuple(name for name in user.groups if (user.arn, name) not in gone),
            }
        )
        for user in inside.users
    )
    roles = tuple(role.model_copy(update={"policies": left(role)}) for role in inside.roles)
    return inside.model_copy(update={"users": users, "roles": roles})


def _without_statements(estate: Estate, ways: Iterable[Found], kept: list[Who]) -> Estate:
    """The bucket, and each of its access points, with policies that no longer let strangers in.

    :param kept: who is allowed and reads, by whichever way: one through an access point needs the bucket's policy too
    """
    gone = _by_statement(ways)

    def less(policy: Policy | None) -> Policy | None:
        if policy is None or not policy.text or isinstance(policy.statements, NotObserved):
            return policy
        ends = {
            number: _whom(one, gone[id(one)], kept) for number, one in enumerate(policy.statements) if id(one) in gone
        }
        return narrowed(policy, ends) if ends else policy

    bucket = estate.bucket
    policy, points = less(bucket.policy), bucket.access_points
    if not isinstance(points, NotObserved):
        changed = tuple(_point(one, less(one.policy)) for one in points)
        points = changed if any(new is not old for new, old in zip(changed, points, strict=True)) else points
    if policy is bucket.policy and points is bucket.access_points:
        return estate
    return _with(estate, policy=policy, access_points=points)


def _point(point: AccessPoint, policy: Policy | None) -> AccessPoint:
    return point if policy is point.policy else point.model_copy(update={"policy": policy})


def _by_statement(ways: Iterable[Found]) -> dict[int, list[Who]]:
    by: dict[int, list[Who]] = {}
    for one in ways:
        if one.way.statement is not None:
            by.setdefault(id(one.way.statement), []).append(one.who)
    return by


def _without_taking(estate: Estate, chains: Iterable[Found], allowed: Allowed) -> Estate:
    """Roles whose trust no longer lets strangers take them."""
    takers: dict[str, list[Who]] = {}
    roles = {one.path[0].arn: one.path[0] for one in chains}
    for one in chains:
        takers.setdefault(one.path[0].arn, []).append(one.who)
    kept = {
        arn: [who for who in everybody(estate) if allowed.lets(who.arn) and may_take(estate, who, role) is not False]
        for arn, role in roles.items()
    }

    def less(role: Role) -> Role:
        trust = role.trust
        if role.arn not in takers or not trust.text or isinstance(trust.statements, NotObserved):
            return role
        ends = {
            number: _whom(one, gone, kept[role.arn])
            for number, one in enumerate(trust.statements)
            if (gone := [who for who in takers[role.arn] if lets(one, who)])
        }
        left = narrowed(trust, ends) or nobody()
        return role if left is trust else role.model_copy(update={"trust": left})

    return _each_account(estate, lambda inside: _changed(inside, tuple(map(less, inside.roles))))


def _changed(inside: Identities, roles: tuple[Role, ...]) -> Identities:
    same = all(new is old for new, old in zip(roles, inside.roles, strict=True))
    return inside if same else inside.model_copy(update={"roles": roles})


def _whom(statement: Statement, gone: list[Who], kept: list[Who]) -> tuple[Principal, ...]:
    """Whom a statement is to name: those that it named and that are none of the gone, and of the others the allowed."""
    left = rest(statement, gone)
    dropped = [one for one in statement.principals if one not in left]
    # Root users, anybody and any service cannot be named alone.
    alone = [who for who in kept if who.sort is not Sort.ROOT and who.arn not in ("*", ANY_SERVICE)]
    meant = (who for who in alone if statement.everybody_but or names(dropped, who))
    return tuple(dict.fromkeys((*left, *map(_principal, meant))))


def _principal(who: Who) -> Principal:
    kind = _KINDS.get(who.sort, "AWS" if who.account else "CanonicalUser")
    return Principal(kind=kind, name=who.arn)


def _each_account(estate: Estate, change: Callable[[Identities], Identities]) -> Estate:
    def changed(account: Account) -> Account:
        inside = account.identities
        if isinstance(inside, NotObserved) or (less := change(inside)) is inside:
            return account
        return account.model_copy(update={"identities": less})

    accounts = tuple(map(changed, estate.accounts))
    same = all(new is old for new, old in zip(accounts, estate.accounts, strict=True))
    return estate if same else estate.model_copy(update={"accounts": accounts})


def _with(estate: Estate, **changes: object) -> Estate:
    return estate.model_copy(update={"bucket": estate.bucket.model_copy(update=changes)})


def _rewritten(before: Estate, after: Estate) -> Iterator[str]:
    """Commands that make the policies of resources what they are afterwards."""
    if after.bucket.policy is not before.bucket.policy:
        yield put_bucket(after.bucket.name, after.bucket.policy)
    points = () if isinstance(before.bucket.access_points, NotObserved) else before.bucket.access_points
    later = () if isinstance(after.bucket.access_points, NotObserved) else after.bucket.access_points
    yield from (put_point(new, new.policy) for old, new in zip(points, later, strict=True) if old is not new)
    trusts = {role.arn: role.trust for role in _roles(before)}
    yield from (put_trust(role.arn, role.trust) for role in _roles(after) if role.trust is not trusts[role.arn])


def _roles(estate: Estate) -> Iterator[Role]:
    insides = (account.identities for account in estate.accounts)
    yield from (role for inside in insides if not isinstance(inside, NotObserved) for role in inside.roles)
