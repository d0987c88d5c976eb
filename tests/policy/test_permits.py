"""A denial without a rule tells the permits there are for the action, and what of each does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_mlsecops.core.judge_access import judge_access
from airflow_mlsecops.policy.clauses import clauses
from airflow_mlsecops.policy.permits import MOST
from tests.pace import keeps_pace
from tests.policy.test_cedar import request, rules

SCOPE = "principal, action, resource is MLSecOps::Dataset"


def permit(tail: str = "", *, scope: str = SCOPE, name: str = "may") -> str:
    return f'@id("{name}") @reason("r")\npermit ({scope}) {tail};\n'


ROLE = 'principal.role == "ml"'
TABLE: list[tuple[str, str, dict[str, Any], tuple[str, ...]]] = [
    ("one condition", permit('when { context.purpose == "ads" }'), {}, ('context.purpose == "ads"',)),
    ("one of two", permit(f'when {{ context.purpose == "churn" && {ROLE} }}'), {}, (ROLE,)),
    ("two of three", permit(f"when {{ {ROLE} && context.listed && resource.level > 1 }}"), {}, (ROLE, "resource.level > 1")),
    ("two conditions", permit(f"when {{ context.listed }} when {{ {ROLE} }}"), {}, (ROLE,)),
    ("a choice is one part", permit(f"when {{ {ROLE} || resource.level > 1 }}"), {}, (f"{ROLE} || resource.level > 1",)),
    ("a choice beside", permit(f"when {{ ({ROLE} || resource.level > 1) && context.listed }}"), {}, (f"({ROLE} || resource.level > 1)",)),
    ("a choice that binds looser", permit(f"when {{ context.listed && {ROLE} || resource.level > 1 }}"), {}, (f"context.listed && {ROLE} || resource.level > 1",)),
    ("an if", permit(f"when {{ if context.listed then {ROLE} && context.listed else true }}"), {}, (f"if context.listed then {ROLE} && context.listed else true",)),
    ("unless", permit('unless { resource.entities.contains("IP_ADDRESS") }'), {}, ('not (resource.entities.contains("IP_ADDRESS"))',)),
    ("unless one of two", permit(f"unless {{ {ROLE} || context.listed }}"), {}, ("not (context.listed)",)),
    ("unless both", permit("unless { resource.level < 2 && context.listed }"), {}, ("not (resource.level < 2 && context.listed)",)),
    ("who", permit(scope='principal == MLSecOps::Workload::"a.b", action, resource is MLSecOps::Dataset'), {}, ('principal == MLSecOps::Workload::"a.b"',)),
    ("what", permit(scope='principal, action, resource == MLSecOps::Dataset::"a,b"'), {}, ('resource == MLSecOps::Dataset::"a,b"',)),
    ("who and why", permit("when { resource.level > 1 }", scope='principal == MLSecOps::Workload::"a.b", action, resource'), {}, ('principal == MLSecOps::Workload::"a.b"', "resource.level > 1")),
    ("signs in text", permit('when { context.purpose == "a && b } unless { || (" && context.listed }'), {}, ('context.purpose == "a && b } unless { || ("',)),
    ("a comment within", permit('when { context.purpose\n  // && true\n  == "ads" }'), {}, ('context.purpose == "ads"',)),
    ("an annotation called permit", '@permit("when { true }") @when("(") ' + permit(f"when {{ {ROLE} }}"), {}, (ROLE,)),
    ("an annotation called permit, of who", '@permit("x") ' + permit(scope='principal == MLSecOps::Workload::"a.b", action, resource'), {}, ('principal == MLSecOps::Workload::"a.b"',)),
    ("guarded by what fails", permit(f"when {{ {ROLE} && resource.level + 9223372036854775807 > 0 }}"), {}, (ROLE,)),
    ("a set", permit('when { ["a", "b"].contains(context.purpose) }'), {}, ('["a", "b"].contains(context.purpose)',)),
    ("a record", permit("when { {a: context.listed, b: 1} == {a: false, b: 1} }"), {}, ("{a: context.listed, b: 1} == {a: false, b: 1}",)),
    ("a time", permit('when { context.now < datetime("2026-01-01") }'), {}, ('context.now < datetime("2026-01-01")',)),
    ("an approval", permit('when { context.approvals.contains("ciso") }'), {"approvals": ["cto"]}, ('context.approvals.contains("ciso")',)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "changes", "needs"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_a_permit_needs(text: str, changes: dict[str, Any], needs: tuple[str, ...]) -> None:
    decision = rules(text).decide(request(**changes))
    assert (decision.allowed, decision.errors, decision.more_permits) == (False, (), 0)
    (unmet,) = decision.permits
    assert (unmet.id, unmet.line, unmet.needs) == ("may", 1, needs)


def only(*actions: str) -> str:
    named = ", ".join(f'MLSecOps::Action::"{action}"' for action in actions)
    return f"principal, action in [{named}], resource is MLSecOps::Dataset"


ACTIONS = [
    ("named", SCOPE.replace("action,", 'action == MLSecOps::Action::"train",'), True),
    ("one of several", only("read", "train"), True),
    ("in one", SCOPE.replace("action,", 'action in MLSecOps::Action::"train",'), True),
    ("any", SCOPE, True),
    ("near miss: another", SCOPE.replace("action,", 'action == MLSecOps::Action::"read",'), False),
    ("near miss: among others", only("read", "join", "serve"), False),
]


@pytest.mark.parametrize(("scope", "told"), [row[1:] for row in ACTIONS], ids=[row[0] for row in ACTIONS])
def test_only_permits_for_the_action_are_told(scope: str, told: bool) -> None:
    decision = rules(permit("when { resource.level > 2 }", scope=scope)).decide(request())
    assert [one.id for one in decision.permits] == (["may"] if told else [])


def test_a_denial_by_a_rule_tells_no_permits() -> None:
    text = permit(f"when {{ {ROLE} }}") + permit(name="no").replace("permit (", "forbid (")
    decision = rules(text).decide(request())
    assert [one.id for one in decision.reasons] == ["no"]
    assert decision.permits == ()


def test_an_error_tells_no_permits() -> None:
    decision = rules(permit("when { resource.level + 9223372036854775807 > 0 }")).decide(request())
    assert decision.errors
    assert decision.permits == ()


def test_no_value_of_the_request_is_told() -> None:
    text = permit('when { context.purpose == "churn" && principal.role == "ml" }')
    decision = rules(text).decide(request(purpose="s3cret-purpose", role="s3cret-role", dag_owner="s3cret-owner"))
    assert "s3cret" not in str(decision)


def test_the_finding_tells_the_first_ones() -> None:
    text = "".join(permit(f'when {{ context.purpose == "p{n}" }}', name=f"for-{n}") for n in range(MOST + 9))
    decision = rules(text).decide(request())
    assert (len(decision.permits), decision.more_permits) == (MOST, 9)
    (finding,) = judge_access(request(), decision)
    assert finding.code == "NO_PERMIT_MATCHED"
    assert finding.reason.startswith(
        'no rule permits it to train: permit for-0 (access.cedar:1) needs context.purpose == "p0"; permit for-1 '
    )
    assert finding.reason.endswith(f'needs context.purpose == "p4"; {MOST + 4} more permits do not match either')


def test_a_long_condition_is_cut() -> None:
    names = ", ".join(f'"purpose-{n}"' for n in range(500))
    (unmet,) = rules(permit(f"when {{ [{names}].contains(context.purpose) }}")).decide(request()).permits
    assert len(unmet.needs[0]) < 200


def test_a_denial_by_a_thousand_permits_is_quick() -> None:
    text = "".join(permit(f'when {{ context.purpose == "p{n}" && {ROLE} }}', name=f"for-{n}") for n in range(1000))
    access = rules(text)
    access.decide(request())
    assert keeps_pace(lambda: access.decide(request()), 20)


@pytest.mark.parametrize(
    "text", ["", "permit", "permit (", "permit (principal, action, resource)", "when { a }", ")))"]
)
def test_what_is_no_statement_has_no_parts(text: str) -> None:
    assert clauses(text) == ()
