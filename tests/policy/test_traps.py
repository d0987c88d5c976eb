"""Every trap that is known of Cedar, one row each: whatever happens in it, nobody is ever allowed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.core.access import AccessRequest
from airflow_mlsecops.core.errors import PolicyError
from airflow_mlsecops.policy import cedar, load
from tests.policy.make import PERMIT, folder
from tests.policy.test_cases import RULES
from tests.policy.test_cedar import OVERFLOW, SHIPPED, TABLE, request, rule

Forge = Callable[[pytest.MonkeyPatch], object]


def asks(**wrong: Any) -> AccessRequest:
    return request().model_copy(update=wrong)


def without(kind: str) -> Forge:
    """Take one entity out of what Cedar is told."""
    entities = cedar._entities

    def told(asked: AccessRequest, known: Any) -> list[dict[str, Any]]:
        return [one for one in entities(asked, known) if kind not in one["uid"]["type"]]

    return lambda patch: patch.setattr(cedar, "_entities", told)


def lacking(kind: str, attribute: str) -> Forge:
    """Take one attribute out of what Cedar is told."""
    entities = cedar._entities

    def told(asked: AccessRequest, known: Any) -> list[dict[str, Any]]:
        found = json.loads(json.dumps(entities(asked, known)))
        for one in found:
            if kind in one["uid"]["type"]:
                del one["attrs"][attribute]
        return found

    return lambda patch: patch.setattr(cedar, "_entities", told)


def context(change: Callable[[dict[str, Any]], object]) -> Forge:
    """Change the context that Cedar is told."""
    question = cedar._question

    def told(asked: AccessRequest) -> dict[str, Any]:
        found = question(asked)
        change(found["context"])
        return found

    return lambda patch: patch.setattr(cedar, "_question", told)


def nothing(patch: pytest.MonkeyPatch) -> None:
    """Forge nothing."""


READS = PERMIT.replace("action,", 'action == MLSecOps::Action::"read",')
SPEAKS = PERMIT + rule("resource.level > 3 || principal.kind == resource.owner")
APPROVED = PERMIT + rule('!(context.approvals.contains("security-lead") && context.waivers.contains("W-1"))')
# Refused while loading, or loaded and then asked.
TRAPS: list[tuple[str, str, AccessRequest, Forge, str]] = [
    ("an error in a forbid", PERMIT + rule(OVERFLOW), request(), nothing, "asked"),
    ("an error in one forbid of two", PERMIT + rule("resource.level > 3") + rule(OVERFLOW, head='@id("two") @reason("r")'), request(), nothing, "asked"),
    ("an error beside a forbid that holds", PERMIT + rule() + rule(OVERFLOW, head='@id("two") @reason("r")'), request(), nothing, "asked"),
    ("a forbid of an attribute that is none", PERMIT + rule("resource.nope"), request(), nothing, "refused"),
    ("no permit at all", rule(), request(), nothing, "refused"),
    ("no permit for the action", READS, request(), nothing, "asked"),
    ("no rule at all", "", request(), nothing, "refused"),
    ("a duplicate id", PERMIT + rule() + rule("resource.level > 3"), request(), nothing, "refused"),
    ("a forbid with the permit's id", PERMIT + rule(head='@id("may") @reason("r")'), request(), nothing, "refused"),
    ("1,000 parentheses in a forbid", PERMIT + rule("(" * 1000 + "false" + ")" * 1000), request(), nothing, "refused"),
    ("1,000 parentheses in a permit", PERMIT[:-2] + f" when {{ {'(' * 1000}true{')' * 1000} }};", request(), nothing, "refused"),
    ("1,000 negations", PERMIT + rule("!" * 1000 + "true"), request(), nothing, "refused"),
    ("bad text", PERMIT + "forbid everything;", request(), nothing, "refused"),
    ("no dataset among the entities", SPEAKS, request(), without("Dataset"), "asked"),
    ("no application among the entities", SPEAKS, request(), without("Workload"), "asked"),
    ("no entity at all", SPEAKS, request(), without(""), "asked"),
    ("no level", SPEAKS, request(), lacking("Dataset", "level"), "asked"),
    ("no kind", SPEAKS, request(), lacking("Workload", "kind"), "asked"),
    ("a number for a purpose", PERMIT, asks(purpose=5), nothing, "asked"),
    ("a word for an age", PERMIT, asks(max_scan_age_seconds="a day"), nothing, "asked"),
    ("a mixed list", PERMIT, asks(allowed_purposes=("churn", 1)), nothing, "asked"),
    ("no context", SPEAKS, request(), context(dict.clear), "asked"),
    ("no scan in the context", SPEAKS, request(), context(lambda told: told.pop("scan")), "asked"),
    ("an outcome that is a number", SPEAKS, request(), context(lambda told: told["scan"].update(outcome=1)), "asked"),
    ("more than the schema knows", SPEAKS, request(), context(lambda told: told.update(approved=True)), "asked"),
    ("an action that the schema does not know", PERMIT, request(action="nuke"), nothing, "asked"),
    ("an error in the only permit", PERMIT[:-2] + f" when {{ {OVERFLOW} }};", request(), nothing, "asked"),
    ("an error in a part that is not reached", PERMIT[:-2] + f" when {{ resource.level > 3 && {OVERFLOW} }};", request(), nothing, "asked"),
    ("a forbid of a word that is never there", PERMIT + rule('resource.roles.contains("secrt")'), request(), nothing, "refused"),
    ("a forbid of an outcome that is none", PERMIT + rule('context.scan.outcome == "failed"'), request(), nothing, "refused"),
    ("a forbid of a stage that the policy lacks", PERMIT + rule('resource.stage == "feature"'), request(), nothing, "refused"),
    ("a forbid that has what is never there", PERMIT + rule("resource has levle && resource.level > 0"), request(), nothing, "refused"),
    ("no approval", APPROVED, request(waivers=["W-1"]), nothing, "asked"),
    ("no waiver", APPROVED, request(approvals=["security-lead"]), nothing, "asked"),
    ("an approval in another case", APPROVED, request(waivers=["W-1"], approvals=["Security-Lead"]), nothing, "asked"),
    ("no approvals in the context", SPEAKS, request(), context(lambda told: told.pop("approvals")), "asked"),
    ("approvals that are one word", SPEAKS, asks(approvals="security-lead"), context(lambda told: told.update(approvals="security-lead")), "asked"),
    ("approvals that are numbers", SPEAKS, asks(approvals=(1,)), nothing, "asked"),
    ("a role that is none", SPEAKS, asks(role=None), nothing, "asked"),
    ("no role", SPEAKS, request(), lacking("Workload", "role"), "asked"),
]  # fmt: skip


def test_the_forged_rules_allow_what_is_sound(tmp_path: Path) -> None:
    assert load(folder(tmp_path / "a", access__cedar=SPEAKS)).access.decide(request()).allowed
    approved = load(folder(tmp_path / "b", access__cedar=APPROVED)).access
    assert approved.decide(request(waivers=["W-1"], approvals=["security-lead"])).allowed


@pytest.mark.parametrize(("text", "asked", "forge", "end"), [row[1:] for row in TRAPS], ids=[row[0] for row in TRAPS])
def test_no_trap_allows(
    text: str, asked: AccessRequest, forge: Forge, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder(tmp_path, access__cedar=text)
    if end == "refused":
        with pytest.raises(PolicyError, match=r"access\.cedar"):
            load(place)
        return
    access = load(place).access
    forge(monkeypatch)
    assert not access.decide(asked).allowed


@pytest.mark.parametrize("missing", ["everything", "access.cedar", "policy.yaml", "the folder"])
def test_an_empty_folder_is_refused(tmp_path: Path, missing: str) -> None:
    place = folder(tmp_path / "policy", access__cedar=RULES)
    gone = list(place.iterdir()) if missing in ("everything", "the folder") else [place / missing]
    for path in gone:
        path.unlink() if path.is_file() else [*map(Path.unlink, path.iterdir()), path.rmdir()]
    if missing == "the folder":
        place.rmdir()
    with pytest.raises(PolicyError):
        load(place)


def test_there_are_enough_cases() -> None:
    """Shipped cases of access and the table of this suite; together they name every rule."""
    from airflow_mlsecops.policy import default_folder

    cases = [case for case in load(default_folder()).cases if case.said.kind == "access"]
    assert len(cases) + len(TABLE) >= 53
    named = {one for row in TABLE for one in row["decided_by"]} | {case.said.because for case in cases}
    assert {one.id for one in SHIPPED.rules} <= named
