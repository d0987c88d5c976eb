"""What one document says to a request: whom it lets in, by which reach, and whom it refuses.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from airflow_mlsecops.checks._statements import Principal, Statement
from airflow_mlsecops.checks.grants._conditions import Known, holds, substituted
from airflow_mlsecops.checks.grants._estate import Levels, Policy
from airflow_mlsecops.checks.grants._globs import within
from airflow_mlsecops.checks.grants._truth import Truth, all_of, any_of, no, perhaps
from airflow_mlsecops.checks.grants._who import Sort, Who, names_account, session_of
from airflow_mlsecops.core.unseen import NotObserved


class Reach(StrEnum):
    """By what a statement reaches somebody; a boundary and a missing policy of theirs matter to some only."""

    ITSELF = "itself"
    SESSION = "session"
    ACCOUNT = "account"
    ANYBODY = "anybody"


Reached = dict[Reach, Truth]


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for.

    :param resource: ARN, or a pattern of those of the dataset's objects
    """

    who: Who
    action: str
    resource: str
    known: Known


def speaks(statement: Statement, request: Request) -> Truth:
    """Whether a statement is about a request, whoever asks."""
    if not statement.does(request.action):
        return False
    covered = _covers(statement, request)
    if covered is False:
        return False
    stranger = request.who.sort in (Sort.STRANGER, Sort.SERVICE)  # no policy names an account of a service
    conditions = (
        holds(operator, key, values, request.known, stranger=stranger)
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
    )
    return all_of((covered, *conditions))


def said(policy: Policy, request: Request, *, allow: bool, only: Statement | None = None) -> Truth:
    """Whether a policy that names no principals allows, or denies, a request."""
    if isinstance(policy.statements, NotObserved):
        return None
    return any_of(
        speaks(one, request) for one in policy.statements if one.allow is allow and (only is None or one is only)
    )


def reached(policy: Policy | None, request: Request, *, only: Statement | None = None) -> Reached:
    """Whom a policy of a resource allows: the one who asks, by each reach.

    :param only: the one statement to look at
    """
    if policy is None:
        return {}
    if isinstance(policy.statements, NotObserved):
        return dict.fromkeys(Reach, None) if only is None else {}
    found: Reached = {}
    for one in policy.statements if only is None else (only,):
        named = addressed(one, request.who) if one.allow else {}
        spoken = speaks(one, request) if named else False
        if spoken is not False:
            for reach, truth in named.items():
                found[reach] = any_of((found.get(reach, False), all_of((spoken, truth))))
    return found


def refused(policy: Policy | None, request: Request) -> Truth:
    """Whether a policy of a resource denies a request."""
    if policy is None:
        return False
    if isinstance(policy.statements, NotObserved):
        return None
    return any_of(_refuses(one, request) for one in policy.statements if not one.allow)


def _refuses(statement: Statement, request: Request) -> Truth:
    named = any_of(addressed(statement, request.who).values())
    return False if named is False else all_of((named, speaks(statement, request)))


def guarded(levels: Levels, request: Request) -> Truth:
    """Whether the organisation lets a request through: each level must allow it, and none deny."""
    if isinstance(levels, NotObserved):
        return None
    allowed = (any_of(said(one, request, allow=True) for one in level) for level in levels)
    denied = (said(one, request, allow=False) for level in levels for one in level)
    return all_of((*allowed, no(any_of(denied))))


def addressed(statement: Statement, who: Who) -> Reached:
    """Whether a statement speaks of somebody, by each reach."""
    named = names(statement.principals, who)
    if not statement.everybody_but:
        return named
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    if not statement.allow and who.boundary is not None:
        return {Reach.ANYBODY: True}
    if not named:
        return {Reach.ANYBODY: True}
    return {Reach.ANYBODY: False if _wholly(named, who) else None}


def _wholly(named: Reached, who: Who) -> bool:
    """True if all of somebody is named: of those in an account, the account too, and of a role each session."""
    if Reach.ANYBODY in named:
        return True
    if who.sort is Sort.USER:
        return {Reach.ITSELF, Reach.ACCOUNT} <= named.keys()
    return who.sort in (Sort.ROOT, Sort.SERVICE, Sort.PROVIDER)


def names(principals: Iterable[Principal], who: Who) -> Reached:
    """Whether somebody is among principals, by each reach."""
    found: Reached = {}
    for principal in principals:
        reach, truth = _reach(principal, who)
        if truth is not False:
            found[reach] = any_of((found.get(reach, False), truth))
    return found


def _reach(principal: Principal, who: Who) -> tuple[Reach, Truth]:
    if principal.kind == "AWS" and principal.anybody:
        return Reach.ANYBODY, True
    if principal.kind == "CanonicalUser" and who.account and who.arn != principal.name:
        return Reach.ACCOUNT, who.canonical == principal.name if who.canonical else None
    if names_account(principal, who.account):
        return Reach.ACCOUNT, True
    if who.sort is Sort.ROLE and session_of(principal.name, who):
        return Reach.SESSION, None  # whoever takes the role may be free to name the session, or not
    return Reach.ITSELF, principal.name == who.arn


def _covers(statement: Statement, request: Request) -> Truth:
    if statement.not_resources:
        return no(any_of(_lies(one, request) for one in statement.not_resources))
    if statement.resources:
        return any_of(_lies(one, request) for one in statement.resources)
    return True  # a trust policy is about its own role


def _lies(pattern: str, request: Request) -> Truth:
    filled = substituted(pattern, request.known)
    if filled is None:
        return perhaps(within(request.resource, _with_stars(pattern)))
    return within(request.resource, filled)


def _with_stars(pattern: str) -> str:
    pieces = pattern.split("${")
    return "*".join((pieces[0], *(piece.partition("}")[2] for piece in pieces[1:])))
