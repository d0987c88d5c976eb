"""Who can read a bucket of the example's estate, asked over HTTP: a grant that is made shows, and its command ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from airflow_mlsecops.checks.grants import bucket
from airflow_mlsecops.core.aws import Credentials
from airflow_mlsecops.core.grant import Allowed, Grant, Readers
from airflow_mlsecops.observe.aws import observe
from dags_examples.estate.emulator import clients
from dags_examples.estate.names import ACCOUNT, AUDITOR, DATA, REGION, TRAINER, Clients, document, role_arn
from tests.checks.grants.made import (
    MADE,
    READS,
    USER,
    a_statement_of_the_bucket,
    a_trust,
    an_access_point,
    an_inline_policy,
    run,
    statements,
    user,
)
from tests.isolation.world import World

URI = f"s3://{DATA}/churn/features"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ALLOWED = Allowed(readers=(role_arn(TRAINER), ROOT))


class Door:
    """The way to the emulator for whoever looks, whatever region is asked."""

    region = REGION
    credentials = Credentials(method="sts-assume-role", long_lived=False)

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        assert not as_task
        return self._clients(service)


@pytest.fixture(autouse=True)
def as_before(world: World) -> Iterator[None]:
    yield
    if world.touched:
        world.rebuild()


def looked(world: World) -> Readers:
    door = Door(clients(world._url, role_arn(AUDITOR)))
    return bucket.readers(observe(door, lambda seen: bucket.wanted(seen, URI)), URI, ALLOWED)


def ways(found: Readers) -> list[tuple[str, str]]:
    return [(one.principal, one.how[0]) for one in found.grants]


OURS = [
    (role_arn(TRAINER), f"statement Read of policy train of role {TRAINER}"),
    (role_arn(TRAINER), "statement Train of the bucket policy"),
    (ROOT, "root user of the account"),
]


def test_of_the_compliant_estate_the_trainer_reads_and_root(world: World) -> None:
    found = looked(world)
    assert ways(found) == OURS
    assert found.commands == ()
    (hidden,) = found.hidden
    assert hidden.startswith("Whom S3 Access Grants let into bucket ml-prod-data was not observed")  # not emulated


def test_whoever_may_not_use_the_key_does_not_read(world: World) -> None:
    user(world, "eve", READS)
    assert ways(looked(world)) == OURS
    said = [one for one in statements(world) if one["Sid"] != "OtherKey"]
    world.clients("s3").put_bucket_policy(Bucket=DATA, Policy=document(*said))
    found = [one for one in looked(world).grants if one.principal == f"{USER}eve"]
    assert [one.sure for one in found] == [False]


@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_what_is_granted_shows_and_its_command_ends_it(world: World, make: Callable[..., tuple[str, str]]) -> None:
    eve, how = make(world)
    before = looked(world)
    news = [one for one in before.grants if one.principal not in (role_arn(TRAINER), ROOT)]
    assert {(one.principal, one.how[0]) for one in news} == {(eve, how)}
    assert news[0].undo in before.commands
    for command in before.commands:
        run(world, command)
    after = looked(world)
    assert {one.principal for one in after.grants} == {role_arn(TRAINER), ROOT}
    assert set(OURS) <= set(ways(after))
    assert after.commands == ()


@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_the_command_of_one_grant_ends_that_way(world: World, make: Callable[..., tuple[str, str]]) -> None:
    eve, _ = make(world)
    (undo,) = {one.undo for one in of(looked(world), eve)}
    run(world, undo)
    assert of(looked(world), eve) == []


def of(found: Readers, principal: str) -> list[Grant]:
    return [one for one in found.grants if one.principal == principal]


def test_strangers_by_every_way_at_once_are_ended_by_what_is_printed(world: World) -> None:
    for number, make in enumerate((an_inline_policy, a_statement_of_the_bucket, a_trust, an_access_point)):
        make(world, f"eve{number}")
    before = looked(world)
    strangers = {one.principal for one in before.grants} - {role_arn(TRAINER), ROOT}
    assert strangers == {f"{USER}eve{number}" for number in range(4)}
    for command in before.commands:
        run(world, command)
    assert {one.principal for one in looked(world).grants} == {role_arn(TRAINER), ROOT}
