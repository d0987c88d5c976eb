"""Access: the shipped rules by a table, and every way in which Cedar could be made to allow by mistake."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.access import AccessRequest
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors import entities
from airflow_mlsecops.policy import AccessRules, default_folder, load
from airflow_mlsecops.policy.cedar import access_rules
from tests.policy.make import PERMIT, folder, mistakes

TABLE = json.loads(Path(__file__).with_name("access.json").read_text())
SHIPPED = load(default_folder()).access
BASE: dict[str, Any] = {
    "dag_id": "churn_retraining", "task_id": "may_train", "environment": "prod", "kind": "airflow-task", "user": "airflow",
    "action": "train", "purpose": "churn", "dataset": "s3://ml/features/churn", "dataset_environment": "prod",
    "level": "internal", "entities": ["IP_ADDRESS"], "stage": "features", "owner": "growth", "allowed_purposes": ["churn"],
    "applications": [], "now": datetime(2026, 11, 23, 6, tzinfo=UTC), "scan": {"outcome": "pass", "age_seconds": 0},
    "isolation": {"outcome": "pass", "age_seconds": 0}, "max_scan_age_seconds": 86400,
}  # fmt: skip


def request(**changes: Any) -> AccessRequest:
    return AccessRequest.model_validate({**BASE, **changes})


def rules(text: str) -> AccessRules:
    read, wrong = access_rules("access.cedar", text, entities())
    assert read is not None, wrong
    return read


@pytest.mark.parametrize("row", TABLE, ids=[row["name"] for row in TABLE])
def test_shipped_rules(row: dict[str, Any]) -> None:
    decision = SHIPPED.decide(request(**row["changes"]))
    assert [reason.id for reason in decision.reasons] == row["decided_by"]
    assert decision.allowed is (row["decided_by"] == ["application-may-use"])
    assert not decision.errors
    assert all(reason.reason for reason in decision.reasons)


@pytest.mark.parametrize(("role", "hit"), [(role, role in (Role.SPECIAL, Role.HEALTH)) for role in Role])
@pytest.mark.parametrize("action", ["train", "serve", "read"])
def test_special_categories_stay_out_of_models(role: Role, hit: bool, action: str) -> None:
    known = {"DIAGNOSIS": Entity(name="DIAGNOSIS", title="diagnosis", role=role, level=Level.INTERNAL)}
    decision = dataclasses.replace(SHIPPED, known=known).decide(request(entities=["DIAGNOSIS"], action=action))
    named = "special-category-into-model" in {reason.id for reason in decision.reasons}
    assert named is (hit and action != "read")


def test_each_shipped_rule_decides_a_row() -> None:
    decided = {rule for row in TABLE for rule in row["decided_by"]} | {"special-category-into-model"}
    assert decided == {rule.id for rule in SHIPPED.rules}


# Rules that are sound when they are loaded, and fail or match nothing when they are asked: none may ever allow.
OVERFLOW = "resource.level + 9223372036854775807 > 0"
NEVER_ALLOW = [
    ("an error in a forbid", PERMIT + f'@id("no") @reason("no") forbid (principal, action, resource is MLSecOps::Dataset) when {{ {OVERFLOW} }};', {}),
    ("an error in a permit beside a good one", PERMIT + f'@id("too") @reason("x") permit (principal, action, resource is MLSecOps::Dataset) when {{ {OVERFLOW} }};', {}),
    ("no permit for this action", PERMIT.replace("action,", 'action == MLSecOps::Action::"read",'), {}),
    ("no permit for this dataset", PERMIT.replace("resource is MLSecOps::Dataset", 'resource == MLSecOps::Dataset::"other"'), {}),
    ("no permit for this application", PERMIT.replace("principal,", 'principal == MLSecOps::Workload::"other.task",'), {}),
    ("an action that is none", PERMIT, {"action": "nuke"}),
    ("an action that is several", PERMIT, {"action": 'read", MLSecOps::Action::"train'}),
    ("an entity nobody knows", PERMIT, {"entities": ["UNHEARD_OF"]}),
    ("an age beyond counting", PERMIT, {"max_scan_age_seconds": 2**70}),
    ("a name that is no text", PERMIT, {"dataset": "\ud800"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "changes"), [row[1:] for row in NEVER_ALLOW], ids=[row[0] for row in NEVER_ALLOW])
def test_never_allows(text: str, changes: dict[str, Any]) -> None:
    assert rules(PERMIT).decide(request()).allowed
    decision = rules(text).decide(request(**changes))
    assert not decision.allowed


@pytest.mark.parametrize(
    "wrong", [{"purpose": 5}, {"purpose": None}, {"kind": True}, {"allowed_purposes": ("a", 1)}, {"dataset_environment": []}, {"task_id": None, "dag_id": None}]
)  # fmt: skip
def test_a_request_of_the_wrong_type_is_an_error(wrong: dict[str, Any]) -> None:
    decision = rules(PERMIT).decide(request().model_copy(update=wrong))
    assert not decision.allowed
    assert decision.errors or wrong.keys() == {"task_id", "dag_id"}


def test_an_entity_nobody_knows_is_named() -> None:
    assert "knows no entity UNHEARD_OF" in rules(PERMIT).decide(request(entities=["UNHEARD_OF"])).errors[0]


def test_an_error_names_the_rule_and_nothing_else() -> None:
    text = (
        PERMIT
        + f'\n\n@id("no")\n@reason("no")\nforbid (principal, action, resource) when {{ resource.owner == "secret-owner" && {OVERFLOW} }};'
    )
    decision = rules(text.replace("resource)", "resource is MLSecOps::Dataset)")).decide(request(owner="secret-owner"))
    assert decision.errors == ("rule no (access.cedar:4) could not be evaluated",)
    assert not decision.reasons


def test_without_a_matching_permit_no_rule_is_named() -> None:
    decision = rules(PERMIT.replace("action,", 'action == MLSecOps::Action::"read",')).decide(request())
    assert (decision.allowed, decision.reasons, decision.errors) == (False, (), ())


def rule(
    condition: str = "true",
    *,
    head: str = '@id("no") @reason("r")',
    scope: str = "principal, action, resource is MLSecOps::Dataset",
) -> str:
    return f"{head} forbid ({scope}) when {{ {condition} }};\n"


# What is refused when it is loaded; the first line is PERMIT.
REFUSED = [
    ("empty", "", "access.cedar: permits nothing"),
    ("comments only", "// nothing\n", "access.cedar: permits nothing"),
    ("forbids only", rule(), "access.cedar: permits nothing"),
    ("the same id twice", PERMIT + rule() + rule(), "access.cedar:3: @id 'no' is taken by the rule on line 2"),
    ("no id", PERMIT + rule(head='@reason("r")'), "access.cedar:2: needs @id"),
    ("an id without a value", PERMIT + rule(head='@id @reason("r")'), "access.cedar:2: needs @id"),
    ("an id of several words", PERMIT + rule(head='@id("no way") @reason("r")'), "access.cedar:2: needs @id"),
    ("an id in upper case", PERMIT + rule(head='@id("NO") @reason("r")'), "access.cedar:2: needs @id"),
    ("no reason", PERMIT + rule(head='@id("no")'), "access.cedar:2: needs @reason"),
    ("an empty reason", PERMIT + rule(head='@id("no") @reason(" ")'), "access.cedar:2: needs @reason"),
    ("two ids", PERMIT + rule(head='@id("a") @id("b") @reason("r")'), "access.cedar:2: is not Cedar: duplicate annotation"),
    ("no semicolon", PERMIT + rule().replace(";", ""), "access.cedar:2: this rule does not end in a semicolon"),
    ("two semicolons", PERMIT + ";\n", "access.cedar:2: is not Cedar"),
    ("a string that does not end", PERMIT + 'permit (principal, action, resource) when { "a };\n', "access.cedar:2: a string is not closed"),
    ("a syntax error", PERMIT + "\n\n// why\n" + rule(scope="principal action, resource"), "access.cedar:5: is not Cedar: unexpected token `action`"),
    ("a template", PERMIT + rule(scope="principal == ?principal, action, resource is MLSecOps::Dataset"), "access.cedar:2: is a template"),
    ("an attribute misspelled", PERMIT + rule("resource.levle > 1"), "access.cedar:2: attribute `levle`"),
    ("misspelled on a later line", PERMIT + rule("\n\n  resource.levle > 1\n"), "access.cedar:4: attribute `levle`"),
    ("an action misspelled", PERMIT + rule(scope='principal, action == MLSecOps::Action::"trian", resource'), "access.cedar:2:"),
    ("an entity type misspelled", PERMIT + rule(scope="principal, action, resource is MLSecOps::Datasets"), "access.cedar:2:"),
    ("a word for a number", PERMIT + rule('resource.level == "3"'), "access.cedar:2:"),
    ("a number for a word", PERMIT + rule("context.purpose == 3"), "access.cedar:2:"),
    ("a duration that is none", PERMIT + rule('context.scan.age > duration("a day")'), "access.cedar:2:"),
    ("something not in the context", PERMIT + rule("context.approved"), "access.cedar:2: attribute `approved`"),
    ("a rule that can never apply", PERMIT + rule(scope="principal is MLSecOps::Dataset, action, resource"), "access.cedar:2:"),
    ("101 brackets", PERMIT + rule("(" * 100 + "true" + ")" * 100), "access.cedar:2: brackets are nested 101 deep"),
    ("1,000 brackets", PERMIT + rule("(" * 1000 + "true" + ")" * 1000), "access.cedar:2: brackets are nested 1001 deep"),
    ("brackets of another kind", PERMIT + rule("[" * 50_000 + "]" * 50_000), "access.cedar:2: brackets are nested 50001 deep"),
    ("brackets that never close", PERMIT + "permit " + "({[" * 5000 + ";", "access.cedar:2: brackets are nested 15000 deep"),
    ("more ifs than Cedar can hold", PERMIT + rule("if true then true else " * 9000 + "true"), "access.cedar:2: the rule holds 1"),
    ("a chain that can be followed", PERMIT + rule("context" + ".a" * 100), "access.cedar:2: attribute `a`"),
    ("a chain that cannot", PERMIT + rule("context" + ".a" * 2000), "access.cedar:2: chains more operators"),
    ("a chain just too long", PERMIT + rule("context" + ".a" * 2020), "access.cedar:2: the rule holds 4,1"),
    ("a chain Cedar gives up on", PERMIT + rule("context" + ".a" * 8000), "access.cedar:2: the rule holds 16,"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_when_loaded(text: str, said: str, tmp_path: Path) -> None:
    told = mistakes(folder(tmp_path, access__cedar=text))
    assert told[0].startswith(said), told


def test_every_wrong_rule_is_told_at_once(tmp_path: Path) -> None:
    text = (
        PERMIT
        + rule("resource.levle > 1")
        + rule("context.purpse == 1", head='@id("two") @reason("r")')
        + rule(head="")
    )
    told = mistakes(folder(tmp_path, access__cedar=text))
    assert [line.split(":")[1] for line in told] == ["2", "3", "4", "4"]


ACCEPTED = [
    ("99 brackets", PERMIT + rule("(" * 99 + "true" + ")" * 99)),
    ("brackets in a string", PERMIT + rule(f'context.purpose == "{"(" * 2000}"')),
    ("brackets in a comment", PERMIT + f"// {'(' * 2000}\n" + rule()),
    ("a semicolon in a string", PERMIT + rule('context.purpose == "a; b"')),
    ("a semicolon in a comment", PERMIT + "// a; b\n" + rule() + "// end; end"),
    ("a quote in a comment", PERMIT + '// "\n' + rule()),
    ("an escaped quote", PERMIT + rule('context.purpose == "a\\"; // b"')),
    ("a comment in a string", PERMIT + rule('context.purpose == "//"')),
    ("a long list of names", PERMIT + rule(f"[{', '.join(f'{chr(34)}purpose-{n}{chr(34)}' for n in range(1500))}].contains(context.purpose)")),
    ("windows line ends", (PERMIT + rule()).replace("\n", "\r\n")),
]  # fmt: skip


@pytest.mark.parametrize("text", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_accepted(text: str, tmp_path: Path) -> None:
    assert [rule.effect for rule in load(folder(tmp_path, access__cedar=text)).access.rules] == ["permit", "forbid"]


def test_rules_tell_their_line() -> None:
    assert [(rule.id, rule.line) for rule in rules("// one\n\n" + PERMIT + "\n" + rule()).rules] == [
        ("may", 3),
        ("no", 5),
    ]


_WORDS = st.sampled_from(["", "churn", "prod", "pass", '" || true', "\n", "é", "*"])


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "purpose": _WORDS, "environment": _WORDS, "kind": _WORDS, "dag_id": _WORDS, "stage": _WORDS, "owner": _WORDS, "role": _WORDS,
            "action": st.sampled_from(["read", "join", "train", "export", "serve"]), "level": st.sampled_from(list(Level)),
            "entities": st.lists(st.sampled_from(sorted(SHIPPED.known)), max_size=3),
            "allowed_purposes": st.lists(_WORDS, max_size=2), "applications": st.lists(_WORDS, max_size=2),
            "max_scan_age_seconds": st.integers(0, 2**66),
        },
    ),
    st.sampled_from(["resource.level > 1", "context.listed", 'principal.role == "churn"', OVERFLOW]),
)  # fmt: skip
def test_one_more_forbid_never_allows_more(changes: dict[str, Any], condition: str) -> None:
    asked = request(**changes)
    text = (default_folder() / "access.cedar").read_text()
    if rules(text + rule(condition, head='@id("one-more") @reason("r")')).decide(asked).allowed:
        assert SHIPPED.decide(asked).allowed
