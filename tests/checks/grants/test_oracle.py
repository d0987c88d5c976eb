"""Nobody who can read is left out, and whoever surely reads can: the evaluator against an independent oracle.

``GRANTS_ESTATES=10000`` asks of so many estates, and ``GRANTS_FIRST`` from which seed on.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from typing import Any

import pytest

from airflow_mlsecops.checks.grants.s3 import readers
from tests.checks.grants import oracle, worlds

FIRST, ESTATES = int(os.environ.get("GRANTS_FIRST", "0")), int(os.environ.get("GRANTS_ESTATES", "500"))
PART = 50


@pytest.mark.parametrize("first", range(FIRST, FIRST + ESTATES, PART))
def test_no_reader_is_left_out_and_whoever_surely_reads_can(first: int) -> None:
    found = [wrong for seed in range(first, min(first + PART, FIRST + ESTATES)) for wrong in disagreements(seed)]
    assert found == []


def disagreements(seed: int) -> list[tuple[int, str, str]]:
    """What the two say differently of one estate: the seed, who, and what is wrong."""
    world = worlds.world(seed)
    given = readers(worlds.estate(world))
    said = {grant.principal for grant in given}
    surely = {grant.principal for grant in given if grant.sure}
    people = worlds.principals(world)
    lenient = _readers(world, people, lenient=True)
    missed = [
        (seed, who["arn"], "left out") for who in people if who["arn"] in lenient and not said & {*worlds.names(who)}
    ]
    return missed + _oversure(world, people, surely, seed)


def _oversure(world: Any, people: list[Any], surely: set[str], seed: int) -> list[tuple[int, str, str]]:
    """Whoever is said to read surely must read in every context that they do not choose themselves."""
    found = []
    strict = _every(world, people) if surely else set()
    for name in sorted(surely):
        them = {who["arn"] for who in people if name in worlds.names(who)[: 1 + (who["type"] == "service")]}
        if them and not them & strict:
            found.append((seed, name, "not surely"))
        if not them:
            found.append((seed, name, "unknown"))
    return found


def _contexts(who: Any) -> Iterable[tuple[str | None, str]]:
    """All that somebody may not choose: from where they ask and, of a role, what its session is called."""
    return itertools.product(oracle.NETWORKS, oracle.SESSIONS if who["type"] == "role" else oracle.SESSIONS[:1])


def _every(world: Any, people: list[Any]) -> set[str]:
    direct = {
        who["arn"]
        for who in people
        if all(oracle.ways_in(world, who, lenient=False, network=net, session=name) for net, name in _contexts(who))
    }
    return _closed(world, people, direct, lenient=False)


def _readers(world: Any, people: list[Any], *, lenient: bool) -> set[str]:
    direct = {
        who["arn"]
        for who in people
        if any(oracle.ways_in(world, who, lenient=lenient, network=net, session=name) for net, name in _contexts(who))
    }
    return _closed(world, people, direct, lenient=lenient)


def _closed(world: Any, people: list[Any], direct: set[str], *, lenient: bool) -> set[str]:
    """All who can become one of them, role after role."""
    over = any if lenient else all
    found = set(direct)
    while True:
        more = {
            who["arn"]
            for who in people
            if who["arn"] not in found
            for role in world["roles"]
            if role["arn"] in found
            and over(
                oracle.can_take(world, who, role, lenient=lenient, network=net, session=name)
                for net, name in _contexts(who)
            )
        }
        if not more:
            return found
        found |= more
