"""``explain``: why a column holds what a scan says, or why not."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Run

TABLE = pl.DataFrame(
    {
        "full_name": ["Anna Schmidt", "Bob Marsh", "Carla Rossi"],
        "contact": ["anna@example.org", "none", "bob@example.org"],
        "qty": ["34", "22", "19"],
        "address": ['{"city": "Berlin", "zip": "10115"}', '{"city": "Rome", "zip": "00100"}', None],
    }
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    TABLE.write_csv(tmp_path / "customers.csv")
    return tmp_path / "customers.csv"


def test_a_finding_by_its_pattern(run: Run, table: Path) -> None:
    answer = run("explain", table, "contact")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("`contact` (3 rows, 0 empty, 3 distinct values): e-mail address\n")
    assert (
        "FOUND  e-mail address  (EMAIL_ADDRESS, direct identifier, confidential; detector email_address)" in answer.out
    )
    assert "in 2 of 3 rows (67 %), pattern" in answer.out


def test_a_finding_by_name_and_values_with_its_weights(run: Run, table: Path) -> None:
    answer = run("explain", table, "full_name")
    assert "+9.0  the column's name says so" in answer.out
    assert "would not be found with" in answer.out
    assert "a column name that says something else" in answer.out


def test_an_estimate_is_told_as_one(run: Run, tmp_path: Path) -> None:
    pl.DataFrame({"id": [f"row {place}" for place in range(5_000)]}).write_parquet(tmp_path / "a.parquet")
    head = run("explain", tmp_path / "a.parquet", "id").out.splitlines()[0]
    assert head.startswith("`id` (5,000 rows, 0 empty, about ")
    assert "00 distinct values" in head


def test_findings_come_first(run: Run, table: Path) -> None:
    answer = run("explain", table, "address.city")
    verdicts = [line.split("  ")[0] for line in answer.out.splitlines() if line.startswith(("FOUND", "not found"))]
    assert verdicts == sorted(verdicts)
    assert verdicts[0] == "FOUND"
    assert len(verdicts) < 10


def test_what_a_nested_column_means(run: Run, table: Path) -> None:
    heads = [line.split("`")[1] for line in run("explain", table, "address").out.splitlines() if line.startswith("`")]
    assert heads == ["address", "address.city", "address.zip"]


def test_why_not(run: Run, table: Path) -> None:
    answer = run("explain", table, "qty", "--detector", "age")
    assert "not found  age" in answer.out
    assert "-2.0  the column's name says something else" in answer.out
    assert "would be found with a column name such as `age`" in answer.out


def test_the_document(run: Run, table: Path) -> None:
    document = json.loads(run("explain", table, "contact", "--json").out)
    found = [one["entity"] for one in document["detectors"] if one["found"]]
    assert (document["schema"], document["rows"]) == ("airflow-mlsecops/explain/1", 3)
    assert document["dataset"] == f"file://{table}"
    assert found == ["EMAIL_ADDRESS"]
    assert [column["name"] for column in document["columns"]] == ["contact"]


def test_a_column_that_is_not_there(run: Run, table: Path) -> None:
    answer = run("explain", table, "contct")
    assert (answer.code, answer.out) == (64, "")
    assert "the dataset has no such column, it has `address`, " in answer.err
    assert "did you mean `contact`?" in answer.err


def test_a_dataset_that_is_not_there(run: Run, tmp_path: Path) -> None:
    answer = run("explain", tmp_path / "nope.csv", "contact")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("UNKNOWN NOT_FOUND")


def test_what_was_not_looked_at_is_told(run: Run, tmp_path: Path) -> None:
    pl.DataFrame({"raw": [b"\xff\xfe", b"plain"]}).write_parquet(tmp_path / "a.parquet")
    answer = run("explain", tmp_path / "a.parquet", "raw")
    assert answer.code == 2
    assert "not looked at: cells are not UTF-8 text" in answer.out


def test_many_columns_below_one_are_cut(run: Run, tmp_path: Path) -> None:
    wide = {f"field_{place}": ["x"] for place in range(30)}
    pl.DataFrame({"all": [dict.fromkeys(wide, "x")]}).write_parquet(tmp_path / "a.parquet")
    answer = run("explain", tmp_path / "a.parquet", "all")
    assert "… and 10 more columns: name one of them, or use --json" in answer.out


ALLOW = """\
allow:
  - entity: EMAIL_ADDRESS
    pattern: ".*@example[.]org"
    reason: addresses of nobody
  - entity: PERSON
    column: full_name
    reason: made-up names
"""


def test_what_the_policy_allows_is_told(run: Run, table: Path, policy: Path) -> None:
    (policy / "policy.yaml").write_text((policy / "policy.yaml").read_text() + ALLOW)
    answer = run("explain", table, "contact", "--policy", policy)
    assert answer.out.splitlines()[0].endswith(": nothing found")
    assert "allowed by rule 1 of the policy's `allow`: EMAIL_ADDRESS in 2 rows: addresses of nobody" in answer.out
    answer = run("explain", table, "full_name", "--policy", policy)
    assert answer.out.splitlines()[0].endswith(": nothing found")
    assert "allowed by rule 2 of the policy's `allow`: PERSON in 3 rows: made-up names" in answer.out


def test_it_says_what_scan_says(run: Run, table: Path, policy: Path) -> None:
    scanned = json.loads(run("scan", table, "--policy", policy, "--json").out)["verdict"]["sightings"]
    told = {
        (one["column"], one["entity"])
        for name in ("full_name", "contact", "qty", "address")
        for one in json.loads(run("explain", table, name, "--policy", policy, "--json").out)["detectors"]
        if one["found"]
    }
    assert told == {(one["column"], one["entity"]) for one in scanned}
