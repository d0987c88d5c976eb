"""``eval``: how often scans are right about tables of one's own, and a gate on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

TABLE = """\
full_name,contact,qty,mail,address
Anna Schmidt,anna@example.org,34,a,"{""city"": ""Berlin"", ""zip"": ""10115""}"
Bob Marsh,none,22,b,"{""city"": ""Rome"", ""zip"": ""00100""}"
Carla Rossi,bob@example.org,19,carla@example.org,"{""city"": ""Paris"", ""zip"": ""75001""}"
"""
LABELS = "column,entity\nfull_name,PERSON\ncontact,email_address\nqty,AGE\naddress,LOCATION;POSTCODE\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text(TABLE)
    (tmp_path / "truth.csv").write_text(LABELS)
    return tmp_path


@pytest.fixture
def measure(run: Run, folder: Path):  # type: ignore[no-untyped-def]
    return lambda *more: run("eval", folder / "customers.csv", "--labels", folder / "truth.csv", *more)


def test_the_table_and_every_wrong_column(measure) -> None:  # type: ignore[no-untyped-def]
    answer = measure()
    assert (answer.code, answer.err) == (0, "")
    rows = {line.split()[0]: line.split()[-6:] for line in answer.out.splitlines() if line and line[0].isalpha()}
    assert rows["EMAIL_ADDRESS"] == ["1", "1", "0", "0.500", "1.000", "0.667"]
    assert rows["AGE"] == ["0", "0", "1", "-", "0.000", "0.000"]
    assert rows["LOCATION"] == ["1", "0", "0", "1.000", "1.000", "1.000"]
    assert rows["micro"][:3] == ["4", "1", "1"]
    assert "columns that hold nothing by the labels: 1, of which flagged: 1" in answer.out
    assert "  customers.csv  mail: e-mail address (EMAIL_ADDRESS)" in answer.out
    assert "  customers.csv  qty: age (AGE)" in answer.out
    assert "`airflow-mlsecops explain TABLE COLUMN` says why" in answer.out
    assert "Nothing was demanded" in answer.out


@pytest.mark.parametrize(
    ("gate", "code", "said"),
    [
        (("--min-f1", "0.8"), 0, "PASS  micro F1 is 0.800, at least 0.8 demanded"),
        (("--min-f1", "0.81"), 1, "FAIL  micro F1 is 0.800, at least 0.81 demanded"),
        (("--min-f1", "0.8", "--per-entity"), 1, "FAIL  F1 of AGE is 0.000, at least 0.8 demanded"),
        (("--max-fp", "1"), 0, "PASS  1 column that holds nothing is flagged, at most 1 allowed"),
        (("--max-fp", "0"), 1, "FAIL  1 column that holds nothing is flagged, at most 0 allowed"),
        (("--max-fp", "0", "--min-f1", "0.1"), 1, "PASS  micro F1 is 0.800, at least 0.1 demanded"),
    ],
)
def test_the_gate(measure, gate: tuple[str, ...], code: int, said: str) -> None:  # type: ignore[no-untyped-def]
    answer = measure(*gate)
    assert answer.code == code
    assert said in answer.out
    document = json.loads(measure(*gate, "--json").out)
    assert document["outcome"] == ("fail" if code else "pass")


def test_the_document(measure) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(measure("--json").out)
    assert document["schema"] == "airflow-mlsecops/eval/1"
    assert document["micro"]["f1"] == pytest.approx(0.8)
    assert document["false_positives"] == [{"table": "customers.csv", "column": "mail", "entity": "EMAIL_ADDRESS"}]
    assert document["missed"] == [{"table": "customers.csv", "column": "qty", "entity": "AGE"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("l.json", json.dumps({"full_name": "PERSON", "contact": ["EMAIL_ADDRESS"], "qty": None})),
        ("l.json", json.dumps([{"column": "full_name", "entity": "PERSON"}, {"column": "contact", "entity": "EMAIL_ADDRESS"}])),
        ("l.yaml", "full_name: PERSON\ncontact: EMAIL_ADDRESS\nqty:\n"),
        ("l.csv", "Entity, Column, why\nPERSON, full_name, x\nEMAIL_ADDRESS, contact,\n, qty,\n"),
        ("l.csv", "\ufeffcolumn,entity\nfull_name,PERSON\ncontact,EMAIL_ADDRESS\n"),
    ],
)  # fmt: skip
def test_labels_in_other_clothes(run: Run, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    document = json.loads(run("eval", folder / "customers.csv", "--labels", folder / name, "--json").out)
    assert (document["micro"]["tp"], document["micro"]["fn"]) == (2, 0)


def test_a_folder_of_tables(run: Run, folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "b.csv").write_text("id,email\n1,x@example.org\n")
    (folder / "labels.csv").write_text(
        "table,column,entity\ncustomers.csv,contact,EMAIL_ADDRESS\nmore/b.csv,email,EMAIL_ADDRESS\n"
    )
    document = json.loads(run("eval", folder, "--json").out)
    assert document["entities"]["EMAIL_ADDRESS"]["tp"] == 2
    assert {one["table"] for one in document["false_positives"]} == {"customers.csv"}


WRONG = (
    ("column,entity\nfull_name,PERSN\nqty,\nmail,EMAIL\n", ["line 2: no entity has that name", "did you mean `PERSON`?", "line 4", "UNKNOWN LABELS_INVALID: 2 mistakes in truth.csv: nothing was evaluated"]),
    ("column,entity\nfull_nam,PERSON\n", ["line 2: the table has no such column: did you mean `full_name`?"]),
    ("a,b,c\n1,2,3\n", ["line 1: its 3 columns have other names; expected `column,entity`"]),
    ("column,entity\n,PERSON\n", ["line 2: names no column"]),
    ("column,entity\n", ["no label stands in it"]),
    ("", ["its 0 columns have other names"]),
    ("table,column,entity\ncustomers.csv,qty,AGE\n,qty,AGE\n", ["line 3: names no table, though other lines do"]),
)  # fmt: skip


@pytest.mark.parametrize(("labels", "said"), WRONG, ids=range(len(WRONG)))
def test_labels_that_are_wrong(measure, folder: Path, labels: str, said: list[str]) -> None:  # type: ignore[no-untyped-def]
    (folder / "truth.csv").write_text(labels)
    answer = measure("--json")
    assert (answer.code, answer.out) == (2, "")
    assert [one for one in said if one not in answer.err] == [], answer.err


@pytest.mark.parametrize(("name", "text"), [("l.json", "{"), ("l.json", "3"), ("l.json", "[3]"), ("l.yaml", "a: [")])
def test_labels_that_are_no_document(run: Run, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    answer = run("eval", folder / "customers.csv", "--labels", folder / name)
    assert answer.code == 2
    assert "UNKNOWN LABELS_INVALID: 1 mistake in l." in answer.err
    assert answer.err.startswith(f"{name}, ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "--labels is missing"),
        (("--labels", "x", "--min-f1", "2"), "expected a number from 0 to 1"),
        (("--labels", "x", "--min-f1", "x"), "expected a number from 0 to 1"),
        (("--labels", "x", "--max-fp", "-1"), "expected a whole number, 0 or more"),
        (("--labels", "x", "--per-entity"), "give --min-f1 too"),
    ],
)
def test_wrong_usage(run: Run, folder: Path, more: tuple[str, ...], said: str) -> None:
    answer = run("eval", folder / "customers.csv", *more)
    assert (answer.code, answer.out) == (64, "")
    assert said in answer.err


def test_what_cannot_be_read_is_unknown_and_the_rest_is_told(run: Run, folder: Path) -> None:
    (folder / "labels.csv").write_text("table,column,entity\ncustomers.csv,contact,EMAIL_ADDRESS\nnope.csv,a,\n")
    answer = run("eval", folder, "--min-f1", "0.1")
    assert answer.code == 2
    assert "UNKNOWN  nope.csv was not looked at: NOT_FOUND" in answer.out
    assert "EMAIL_ADDRESS" in answer.out
    document = json.loads(run("eval", folder, "--min-f1", "0.1", "--json").out)
    assert (document["outcome"], document["not_looked_at"][0]["code"]) == ("unknown", "NOT_FOUND")


def test_a_table_without_rows_proves_nothing(run: Run, folder: Path) -> None:
    (folder / "customers.csv").write_text("contact\n")
    (folder / "truth.csv").write_text("column,entity\ncontact,\n")
    answer = run("eval", folder / "customers.csv", "--labels", folder / "truth.csv", "--max-fp", "0")
    assert answer.code == 2
    assert "NO_ROWS" in answer.out


def test_labels_that_are_not_there(run: Run, folder: Path) -> None:
    answer = run("eval", folder / "customers.csv", "--labels", folder / "nope.csv")
    assert (answer.code, answer.out) == (2, "")
    assert "UNKNOWN LABELS_UNREADABLE" in answer.err


def test_f1_of_nothing_is_unknown(measure, folder: Path) -> None:  # type: ignore[no-untyped-def]
    (folder / "truth.csv").write_text("column,entity\nqty,\n")
    answer = measure("--min-f1", "0.5")
    assert answer.code == 2
    assert "no label names an entity, so there is no F1" in answer.out
