"""What the routes are given: the ledger, the Dags that the user may read, and what the policy says beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request  # noqa: TID253 - only the API server imports this

from airflow_mlsecops.core.errors import PolicyError
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.waivers import Holds, holding
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.web.auth import dags_to_see, may_see_runs
from airflow_mlsecops.web.ledger import deployment, open_readonly


def ledger_of_request() -> Iterator[Ledger]:
    """Open the ledger for one request; the dependency that tests override."""
    with open_readonly() as ledger:
        yield ledger


OpenLedger = Annotated[Ledger, Depends(ledger_of_request)]
SeenDags = Annotated[frozenset[str], Depends(dags_to_see)]
RUNS = [Depends(may_see_runs)]


def now() -> datetime:
    """The moment at which a page is asked for."""
    return datetime.now(UTC)


def titles() -> Mapping[str, str]:
    """What people call an entity, by its name."""
    return deployment().titles


def owner_and_end() -> tuple[Callable[[str], str], date | None]:
    """Who answers for a dataset, and until when gates may only observe; where the policy is broken nobody says."""
    try:
        policy = deployment().policy.policy
    except PolicyError:
        return lambda _: "", None
    return lambda identity: policy.rule_for(identity)[0].owner, policy.observe_until


def policy() -> Policy | None:
    """The policy in force; ``None`` where it is broken: what it says is then not known."""
    try:
        return deployment().policy.policy
    except PolicyError:
        return None


def policy_and_approvals() -> tuple[Policy, Holds]:
    """The policy, and what of an answer it would still allow.

    :raises PolicyError: if it cannot be read: then nobody knows which waivers hold
    """
    folder = deployment().policy
    return folder.policy, holding(folder.policy, folder.entities)


def root_of(request: Request) -> str:
    """This app's own root, as an address begins."""
    return quote(request.scope.get("root_path", ""))
