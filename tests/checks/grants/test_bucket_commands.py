"""Commands against strangers, on estates made up by a seed: no stranger is left whom a command could have ended."""

from __future__ import annotations

from random import Random

import pytest

from airflow_mlsecops.checks.grants import s3
from airflow_mlsecops.checks.grants._bucket_commands import ended
from airflow_mlsecops.checks.grants._estate import changeable
from airflow_mlsecops.checks.grants._readers import Found, found
from airflow_mlsecops.core.grant import Allowed
from tests.checks.grants import worlds


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_no_stranger_is_left_whom_a_command_could_have_ended(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "policy", changeable)
    for seed in range(first, first + 20):
        estate = worlds.estate(worlds.world(seed))
        before = found(estate)
        allowed = Allowed(readers=_some({one.who.arn for one in before} - {"*", worlds.FAR}, seed))
        _, after = ended(estate, before, allowed)
        left = [one for one in found(after) if not allowed.lets(one.who.arn) and _endable(one)]
        assert left == [], seed
        assert {one.who.arn for one in found(after)} <= {one.who.arn for one in before}, seed


def _some(principals: set[str], seed: int) -> tuple[str, ...]:
    draw = Random(seed)
    return tuple(one for one in sorted(principals) if draw.random() < 0.5)


def _endable(one: Found) -> bool:
    """True unless somebody owns the account, or holds what nobody could read."""
    return bool(one.path or one.way.held or not one.way.ours)


def test_with_everybody_allowed_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "policy", changeable)
    for seed in range(40):
        estate = worlds.estate(worlds.world(seed))
        assert ended(estate, found(estate), Allowed(readers=("**",))) == ((), estate)
