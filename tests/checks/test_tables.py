"""Every check is proven by one table of cases: compliant, not compliant, not observed, and near misses."""

from __future__ import annotations

import json
import pkgutil
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops import checks
from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.core.check import Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Finding

FOLDER = Path(__file__).parent
MODULES = sorted(info.name for info in pkgutil.iter_modules(checks.__path__) if not info.name.startswith("_"))
TABLES = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
ROWS = [pytest.param(name, row, id=f"{name}: {row['name']}") for name, table in TABLES.items() for row in table]


def asked(name: str, row: dict[str, Any]) -> Finding:
    facts, demand = Facts.model_validate(row["facts"]), Demand.model_validate(row["demand"])
    return all_checks()[name.upper()].inspect(facts, demand)


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


@pytest.mark.parametrize(("name", "row"), [row for row in ROWS if row.values[1]["status"] == "unknown"])
def test_unknown_names_the_missing_fact_and_why(name: str, row: dict[str, Any]) -> None:
    reason = asked(name, row).reason
    assert "was not observed: " in reason
    if '"permission x is missing"' in json.dumps(row["facts"]):
        assert reason.endswith("permission x is missing")


@pytest.mark.parametrize(("name", "row"), [row for row in ROWS if row.values[1]["status"] in ("fail", "unknown")])
def test_what_blocks_says_what_to_do(name: str, row: dict[str, Any]) -> None:
    assert asked(name, row).remedy
