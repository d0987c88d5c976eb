"""A compliant estate passes; after one change exactly one check fails, and says what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.judge_isolation import chosen
from dags_examples.estate.names import ENVIRONMENT
from tests.isolation.mutations import MUTATIONS, Mutation
from tests.isolation.world import World, troubles


@pytest.fixture
def changed(world: World) -> Iterator[World]:
    yield world
    if world.touched:
        world.rebuild()


# What does not arise: the deployment says which environment it is, and SageMaker's machines are nobody's.
NOT_HERE = {"ENV_NOT_DECLARED", "JOB_HOST", "JOB_PUBLIC_ADDRESS"}


def required(world: World) -> set[str]:
    profile = world.policy.environments[ENVIRONMENT]
    return {*chosen(profile.requires, all_checks())[0]} - {gap.check for gap in profile.not_observable} - NOT_HERE


def told(found: tuple[Finding, ...]) -> dict[tuple[str, str], str]:
    return {(one.code, one.subject): f"{one.status.value}: {one.reason}" for one in troubles(found)}


def test_the_compliant_estate_passes_every_check_that_the_policy_requires(world: World) -> None:
    assert told(world.compliant) == {}
    asked = {one.code for one in world.compliant if one.status is Status.PASS and one.required}
    assert asked == required(world)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation.check}: {mutation.name}")
def test_exactly_one_check_notices(changed: World, mutation: Mutation) -> None:
    mutation.estate(changed)
    found = changed.judged(
        lambda job: mutation.job(changed, job),
        through=lambda door: mutation.door(changed, door),
        **mutation.facts,
    )
    assert {code for code, _ in told(found)} == {mutation.check, *mutation.hides}, told(found)
    failed = [one for one in troubles(found) if one.status is Status.FAIL]
    assert {one.code for one in failed} == {mutation.check}
    assert all(one.remedy and "{subject}" not in one.remedy for one in failed)


def test_every_check_that_the_policy_requires_has_a_mutation(world: World) -> None:
    assert {mutation.check for mutation in MUTATIONS} == required(world)
