"""Coverage: a rule counts only where a case would fail without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from airflow_mlsecops.policy import PolicyFolder, default_folder, load, run_cases
from airflow_mlsecops.policy.coverage import coverage
from tests.policy.make import folder
from tests.policy.test_cases import ACCESS, HOLDS, RULES

BARE = ACCESS.replace(", because: may", "")
TWICE = ACCESS.replace("churn, expect: allow, because: may", "fraud, level: restricted, expect: deny")

TABLE = [
    ("no case", "[]\n", set()),
    ("a case of what may be held", HOLDS, set()),
    ("the rule it names", ACCESS, {"may"}),
    ("the one rule that decided", BARE, {"may"}),
    ("near miss: a case that fails", ACCESS.replace("expect: allow", "expect: deny"), set()),
    ("near miss: decided by two, neither named", TWICE, set()),
    ("decided by two, one named", TWICE.replace("deny", "deny, because: level"), {"level"}),
    ("two cases", BARE + TWICE.replace("name: a", "name: b").replace("deny", "deny, because: purpose"), {"may", "purpose"}),
]  # fmt: skip


def found(place: Path, cases: str) -> PolicyFolder:
    return load(folder(place, access__cedar=RULES, cases__yaml=cases))


@pytest.mark.parametrize(("cases", "guarded"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_is_guarded(cases: str, guarded: set[str], tmp_path: Path) -> None:
    read = found(tmp_path, cases)
    told = coverage(read.access, run_cases(read))
    assert {rule.id for rule in told.guarded} == guarded
    assert {rule.id for rule in told.unguarded} == {"may", "purpose", "level"} - guarded
    assert told.percent == pytest.approx(100 * len(guarded) / 3)


@pytest.mark.parametrize("gone", [rule.id for rule in load(default_folder()).access.rules if rule.effect == "forbid"])
def test_a_guarded_rule_is_missed(gone: str, tmp_path: Path) -> None:
    """What coverage claims of the shipped rules holds: take one out, and a case fails."""
    text = (default_folder() / "access.cedar").read_text()
    begins = text.index(f'@id("{gone}")')
    cut = text[:begins] + text[text.index("};", begins) + 2 :]
    whole = {name: (default_folder() / name).read_text() for name in ("policy.yaml", "cases.yaml")}
    place = folder(tmp_path, access__cedar=cut, policy__yaml=whole["policy.yaml"], cases__yaml=whole["cases.yaml"])
    assert not all(result.ok for result in run_cases(load(place)))


def test_every_shipped_rule_is_guarded() -> None:
    shipped = load(default_folder())
    assert coverage(shipped.access, run_cases(shipped)).unguarded == ()
