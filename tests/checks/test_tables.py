"""Every check is proven by one table of cases: compliant, not compliant, not observed, and near misses."""

from __future__ import annotations

import json
import pkgutil
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops import checks
from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.core.aws import AwsFacts
from airflow_mlsecops.core.check import Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Finding

FOLDER = Path(__file__).parent
FILES = (info.name for info in pkgutil.iter_modules(checks.__path__) if not info.ispkg)
MODULES = sorted(name for name in FILES if not name.startswith("_"))
WORST = ("fail", "unknown", "pass", "not applicable")


def merged(base: Any, change: Any) -> Any:
    """A JSON merge patch (RFC 7396): ``null`` takes a member away."""
    if not isinstance(change, dict):
        return change
    left = base if isinstance(base, dict) else {}
    patched = {**left, **{name: merged(left.get(name), value) for name, value in change.items()}}
    return {name: value for name, value in patched.items() if value is not None}


def table(path: Path) -> list[dict[str, Any]]:
    """Rows as they stand, or each merged into what all of them have in common."""
    read = json.loads(path.read_text())
    return read if isinstance(read, list) else [merged(read["base"], row) for row in read["rows"]]


TABLES = {path.stem: table(path) for path in sorted(FOLDER.glob("*.json"))}
ROWS = [pytest.param(name, row, id=f"{name}: {row['name']}") for name, rows in TABLES.items() for row in rows]


def findings(name: str, row: dict[str, Any]) -> tuple[Finding, ...]:
    facts, demand = Facts.model_validate(row["facts"]), Demand.model_validate(row["demand"])
    return all_checks()[name.upper()].inspect(facts, demand)


def worst(found: tuple[Finding, ...]) -> Finding:
    return min(found, key=lambda finding: WORST.index(finding.status.value))


def asked(name: str, row: dict[str, Any]) -> Finding:
    """The worst of the answers, the first of several."""
    return worst(findings(name, row))


def test_every_check_has_a_table_and_every_table_a_check() -> None:
    assert sorted(TABLES) == MODULES
    assert [name.upper() for name in MODULES] == list(all_checks())


@pytest.mark.parametrize("name", MODULES)
def test_a_table_shows_every_answer_and_a_near_miss(name: str) -> None:
    assert {row["status"] for row in TABLES[name]} >= {"pass", "fail", "unknown"}
    assert any("near miss" in row["name"] for row in TABLES[name])
    names = [row["name"] for row in TABLES[name]]
    assert len(set(names)) == len(names)
    assert all({"name", "facts", "demand", "status"} <= row.keys() for row in TABLES[name])


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_answers(name: str, row: dict[str, Any]) -> None:
    finding = asked(name, row)
    assert finding.status.value == row["status"], finding.reason
    assert {key: getattr(finding, key) for key in ("subject", "got") if key in row} == {
        key: row[key] for key in ("subject", "got") if key in row
    }
    assert list(finding.commands) == row.get("commands", list(finding.commands))


@pytest.mark.parametrize(("name", "row"), [row for row in ROWS if row.values[1]["status"] == "unknown"])
def test_unknown_names_the_missing_fact_and_why(name: str, row: dict[str, Any]) -> None:
    reason = asked(name, row).reason
    assert "was not observed: " in reason
    if '"permission x is missing"' in json.dumps(row["facts"]):
        assert reason.endswith("permission x is missing")


@pytest.mark.parametrize(("name", "row"), [row for row in ROWS if row.values[1]["status"] in ("fail", "unknown")])
def test_what_blocks_says_what_to_do(name: str, row: dict[str, Any]) -> None:
    assert asked(name, row).remedy


PASSING = [row for row in ROWS if row.values[1]["status"] == "pass" and row.values[1]["facts"].get("aws")]
DENIED = {"why": "permission x is missing"}
UNSUPPORTED = {"why": "the endpoint does not support it"}


def consulted(name: str, row: dict[str, Any]) -> set[str]:
    """Keys of the answers that the check cannot do without: taken away, it asks for them."""
    check, demand = all_checks()[name.upper()], Demand.model_validate(row["demand"])
    answers = row["facts"]["aws"].get("answers", {})
    facts = {key: merged(row["facts"], {"aws": {"answers": {key: None}}}) for key in answers}
    wants = {
        key: {call.key for answer in check.answers(Facts.model_validate(less), demand) for call in answer.wants}
        for key, less in facts.items()
    }
    return {key for key in answers if key in wants[key]}


def with_answer(row: dict[str, Any], key: str, answer: dict[str, Any]) -> dict[str, Any]:
    answers = {**row["facts"]["aws"]["answers"], key: answer}
    return {**row, "facts": {**row["facts"], "aws": {**row["facts"]["aws"], "answers": answers}}}


def nonsense(answer: dict[str, Any]) -> dict[str, Any]:
    """The same names, each with a value of another kind."""
    return {"answer": {name: 7 if isinstance(value, str | dict | list) else "?" for name, value in answer.items()}}


@pytest.mark.parametrize(("name", "row"), PASSING)
def test_without_any_answer_that_it_read_nothing_passes(name: str, row: dict[str, Any]) -> None:
    read = consulted(name, row)
    if all_checks()[name.upper()].reads and row["facts"]["aws"].get("answers"):
        assert read, "a check that passes must have read something"
    for key in read:
        for trouble in (DENIED, UNSUPPORTED):
            assert asked(name, with_answer(row, key, trouble)).status.value == "unknown", key
        for broken in ({"answer": {}}, nonsense(row["facts"]["aws"]["answers"][key].get("answer", {"Other": 1}))):
            assert asked(name, with_answer(row, key, broken)).status.value in ("unknown", "fail"), (key, broken)


@pytest.mark.parametrize("name", [name for name in MODULES if all_checks()[name.upper()].reads])
def test_a_check_declares_every_question_that_it_asks(name: str) -> None:
    check = all_checks()[name.upper()]
    declared = {(operation.service, operation.name) for operation in check.reads}
    used = set()
    for row in TABLES[name]:
        facts, demand = Facts.model_validate(row["facts"]), Demand.model_validate(row["demand"])
        for key in ("", *(facts.aws.answers if isinstance(facts.aws, AwsFacts) else ())):
            less = without_answer(facts, key)
            used |= {(call.service, call.operation) for answer in check.answers(less, demand) for call in answer.wants}
    assert used == declared


def without_answer(facts: Facts, key: str) -> Facts:
    if not isinstance(facts.aws, AwsFacts):
        return facts
    answers = {one: answer for one, answer in facts.aws.answers.items() if one != key}
    return facts.model_copy(update={"aws": facts.aws.model_copy(update={"answers": answers})})
