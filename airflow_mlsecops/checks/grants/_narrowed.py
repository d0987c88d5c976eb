"""What a policy says once somebody is taken out of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from airflow_mlsecops.checks._statements import Principal, Statement
from airflow_mlsecops.checks.grants._estate import Policy, changeable
from airflow_mlsecops.checks.grants._policies import names
from airflow_mlsecops.checks.grants._who import Who
from airflow_mlsecops.core.unseen import NotObserved

# A policy of trust must say something: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
_NOBODY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]}'


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


def _speaking_of(statement: dict[str, Any], principals: tuple[Principal, ...] | None) -> dict[str, Any]:
    if principals is None:
        return statement
    whom: dict[str, list[str]] = {}
    for one in principals:
        whom.setdefault(one.kind, []).append(one.name)
    spelt = {kind: names[0] if len(names) == 1 else names for kind, names in whom.items()}
    return {**{name: value for name, value in statement.items() if name != "NotPrincipal"}, "Principal": spelt}
