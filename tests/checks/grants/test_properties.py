"""What holds of every estate: a further denial lets nobody in, a further permission shuts nobody out, no order counts."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.checks.grants.s3 import readers
from tests.checks.grants import worlds

SEEDS = st.integers(min_value=0, max_value=1_000_000)
# Of accounts that are listed: a condition that names another makes it one more principal, who read as anybody before.
CONDITIONS = [
    None,
    {"Bool": {"aws:SecureTransport": "false"}},
    {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    {"StringEquals": {"aws:PrincipalAccount": worlds.OWN}},
    {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{worlds.OWN}:role/t*"}},
]
ACTIONS = ["s3:GetObject", "s3:Get*", "*", "kms:Decrypt", "sts:AssumeRole"]
RESOURCES = ["*", f"arn:aws:s3:::{worlds.BUCKET}/*", f"arn:aws:s3:::{worlds.BUCKET}/train/*"]


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from(CONDITIONS), st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
def test_a_further_denial_lets_nobody_in(seed: int, condition: Any, action: str, resource: str) -> None:
    raw = worlds.world(seed)
    before = told(raw)
    added = {"Effect": "Deny", "Action": action, "Resource": resource} | ({"Condition": condition} if condition else {})
    for index, (kind, document) in enumerate(documents(raw)):
        changed = copy.deepcopy(raw)
        (_, target) = list(documents(changed))[index]
        target["Statement"].append(fit(kind, added))
        assert reads(told(changed)) <= reads(before), (index, document)
        assert surely(told(changed)) <= surely(before), (index, document)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from(CONDITIONS), st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
def test_a_further_permission_shuts_nobody_out(seed: int, condition: Any, action: str, resource: str) -> None:
    raw = worlds.world(seed)
    # A policy that is public is shut to others where public access is blocked: AWS means it so.
    raw["restrict"] = False
    for point in raw["points"]:
        point["restrict"] = False
    before = told(raw)
    added = {"Effect": "Allow", "Action": action, "Resource": resource} | (
        {"Condition": condition} if condition else {}
    )
    for index, (kind, document) in enumerate(documents(raw)):
        changed = copy.deepcopy(raw)
        (_, target) = list(documents(changed))[index]
        target["Statement"].append(fit(kind, added))
        assert reads(before) <= reads(told(changed)), (index, document)
        assert surely(before) <= surely(told(changed)), (index, document)


@settings(max_examples=200, deadline=None)
@given(SEEDS, SEEDS)
def test_no_order_counts(seed: int, order: int) -> None:
    raw = worlds.world(seed)
    before = told(raw)
    shuffled = copy.deepcopy(raw)
    draw = Random(order)
    for _, document in documents(shuffled):
        draw.shuffle(document["Statement"])
    for people in (shuffled["users"], shuffled["roles"], *(one["policies"] for one in shuffled["users"])):
        draw.shuffle(people)
    assert told(shuffled) == before


def told(raw: Any) -> set[tuple[str, bool]]:
    """Everybody who reads, and whether surely."""
    return {(grant.principal, grant.sure) for grant in readers(worlds.estate(raw))}


def reads(said: set[tuple[str, bool]]) -> set[str]:
    return {principal for principal, _ in said}


def surely(said: set[tuple[str, bool]]) -> set[str]:
    return {principal for principal, sure in said if sure}


def documents(raw: Any) -> Iterator[tuple[str, Any]]:
    """Every document of an estate, with its kind."""
    if raw["policy"]:
        yield "resource", raw["policy"]
    yield from (("resource", one["policy"]) for one in raw["points"] if one["policy"])
    if raw["key"]:
        yield "resource", raw["key"]["policy"]
    yield "identity", raw["group"]
    for person in (*raw["users"], *raw["roles"]):
        yield from (("identity", one) for one in person["policies"])
        yield from (("identity", one) for one in (person["boundary"],) if one)
        yield from (("trust", one) for one in (person.get("trust"),) if one)


def fit(kind: str, statement: Any) -> Any:
    """A statement as such a document may hold it."""
    if kind == "identity":
        return statement
    whole = {**statement, "Principal": "*"}
    if kind == "trust":
        whole.pop("Resource")
    return whole
