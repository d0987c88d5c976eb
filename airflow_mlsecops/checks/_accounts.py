"""Whose accounts the statements of a resource policy let in, beside the environment's own.

What is not told apart counts as a stranger: a deleted principal's id, an identity provider, a whole organisation.
Keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from airflow_mlsecops.checks._aws import listed, profile
from airflow_mlsecops.checks._statements import Principal, Statement
from airflow_mlsecops.core.check import Demand

# Where a request comes from says nothing of who sends it: these decide only where no other key does.
_PLACES = frozenset(
    {"aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "s3:dataaccesspointaccount", "s3:dataaccesspointarn"}
)


def foreign(statements: Iterable[Statement], own: Collection[str]) -> tuple[str, ...]:
    """Names of those who are let in and are not among one's own; that anybody is let in is another question.

    A principal that is named is let in whatever conditions say. ``*`` lets in whom its conditions name; where several
    do, all of them must be met, so that one of them that names only one's own is enough.

    :param own: ids of accounts; also what else may be let in: organisations, VPCs and endpoints, principals by name
    """
    return tuple(sorted({name for one in statements if one.allow for name in _strangers(one, own)}))


def _strangers(statement: Statement, own: Collection[str]) -> set[str]:
    named = set() if statement.everybody_but else {whose(one) for one in statement.principals if _named(one)}
    conditions = set() if named and not _open(statement) else _narrowed_to(statement, own)
    return {name for name in named if name not in own} | conditions


def _named(principal: Principal) -> bool:
    return principal.name != "*" and principal.kind != "Service"


def _open(statement: Statement) -> bool:
    """True if it speaks, beside those whom it names, of principals whom only its conditions tell apart."""
    return not all(map(_named, statement.principals))


def _narrowed_to(statement: Statement, own: Collection[str]) -> set[str]:
    """Strangers among those whom the conditions name, by the condition that names fewest."""
    who = [names for key, names in statement.narrowings if key not in _PLACES]
    where = [names for key, names in statement.narrowings if key in _PLACES]
    strangers = ({name for name in map(owner, names) if name not in own} for names in who or where)
    return min(strangers, key=len, default=set())


def whose(principal: Principal) -> str:
    """The account that a principal belongs to; its own name where that does not tell."""
    return principal.account or owner(principal.name)


def owner(name: str) -> str:
    """The account that an ARN or an account's id names; the name itself where it names none."""
    return Principal(kind="AWS", name=name).account or name


def insiders(demand: Demand) -> tuple[str, ...]:
    """Accounts that the environment's resources may be shared with: its own, and its partners'.

    :raises Unseen: if the policy names no account of its own
    """
    return (*listed(profile(demand).accounts, "accounts"), *profile(demand).partners)
