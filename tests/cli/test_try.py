"""``try``: what detectors make of a few values, told by position."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

GOOD, TYPO = "DE89370400440532013000", "DE89370400440532013001"
Pipe = Callable[[bytes], None]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    return lambda data: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_finding_a_near_miss_and_what_would_change_it(run: Run) -> None:
    answer = run("try", GOOD, TYPO)
    assert answer.code == 0
    assert "2 values, as a column whose name says nothing: bank account number (IBAN)" in answer.out
    assert "in 1 of 2 rows (50 %), validated" in answer.out
    assert "value 1: its pattern stands there and its check passes" in answer.out
    assert "value 2: its pattern stands there, but its check fails" in answer.out
    assert "no name or neighbour would change it" in answer.out


def test_a_near_miss_says_what_is_missing_and_that_is_true(run: Run) -> None:
    answer = run("try", "--column", "c1", "--detector", "iban", TYPO)
    assert "a column name such as `iban`" in answer.out
    assert "one cell in which its pattern stands and its check passes" in answer.out
    assert "nothing found" in answer.out
    assert (
        "bank account number (IBAN)" in run("try", "--column", "iban", "--detector", "iban", TYPO).out.splitlines()[0]
    )


def test_what_only_the_name_decides(run: Run) -> None:
    answer = run("try", "--column", "qty", "34", "22", "19")
    assert "nothing found" in answer.out
    assert "Only its name keeps it from being taken for: " in answer.out
    assert "age (`age`)" in answer.out


def test_values_from_standard_input(run: Run, pipe: Pipe) -> None:
    pipe(f"{GOOD}\r\n\n{TYPO}\n".encode())
    document = json.loads(run("try", "--json", "--detector", "IBAN_CODE").out)
    (iban,) = document["detectors"]
    assert (document["values"], document["found"]) == (3, ["IBAN_CODE"])
    assert iban["cells"] == {"passed": [1], "failed": [3]}


def test_the_document(run: Run) -> None:
    document = json.loads(run("try", "--column", "iban", TYPO, "--json").out)
    told = {one["detector"]: one for one in document["detectors"]}
    iban = told["iban"]
    assert document["schema"] == "airflow-mlsecops/try/1"
    assert (iban["found"], iban["how"], iban["name"], iban["check"]) == (True, "name and values", "says so", True)
    assert round(sum(weight["bits"] for weight in iban["weights"]), 1) == iban["bits"]
    assert iban["bits"] >= 0
    assert "a column name that says something else" in iban["would_change"]
    assert len(told) > 100


def test_a_header_that_is_data_is_shown_by_place(run: Run) -> None:
    answer = run("try", "--column", "carla@example.org", "x")
    assert "column[1]" in answer.out
    assert "carla" not in answer.both
    assert "not looked at: the column's name is itself sensitive data" in answer.out


def test_many_places_are_told_in_ranges(run: Run, pipe: Pipe) -> None:
    pipe("\n".join([GOOD, "x"] * 20 + [GOOD] * 5).encode())
    answer = run("try", "--detector", "iban")
    assert "values 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 13 more: its pattern" in answer.out
    pipe("\n".join([GOOD] * 5 + ["x"] + [GOOD]).encode())
    assert "values 1-5, 7: its pattern" in run("try", "--detector", "iban").out


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", 64, "no value given: write values to standard input"),
        (b"good\nb\xff\n", 2, "UNKNOWN UNREADABLE_CELLS: line 2 of standard input is not UTF-8"),
    ],
)
def test_what_cannot_be_tried(run: Run, pipe: Pipe, data: bytes, code: int, said: str) -> None:
    pipe(data)
    answer = run("try")
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_only_empty_values(run: Run, pipe: Pipe) -> None:
    pipe(b"\n\n")
    answer = run("try")
    assert (answer.code, answer.err) == (0, "")
    assert "2 values, as a column whose name says nothing: nothing found" in answer.out


def test_a_detector_that_is_not_there(run: Run) -> None:
    answer = run("try", "--detector", "IBN", "x")
    assert (answer.code, answer.out) == (64, "")
    assert "did you mean `IBAN_CODE`" in answer.err or "`iban`" in answer.err
    assert "no detector or entity has that name, see `airflow-mlsecops detectors`" in answer.err


def test_a_policy_gives_levels_and_detectors_of_its_own(run: Run, policy: Path) -> None:
    (policy / "policy.yaml").write_text((policy / "policy.yaml").read_text() + "levels:\n  IBAN_CODE: public\n")
    assert "financial, public; detector iban" in run("try", "--policy", policy, GOOD).out


OWN = """\
name: BADGE_NUMBER
title: badge number
level: confidential
role: direct identifier
pattern: 'BDG-[0-9]{6}'
examples:
  match: [BDG-123456, "seen BDG-123456 today"]
  no_match: [BDG-12345, BDX-123456]
"""


def test_a_detector_of_the_policy(run: Run, policy: Path) -> None:
    (policy / "detectors").mkdir()
    (policy / "detectors" / "badge.yaml").write_text(OWN)
    answer = run("try", "--policy", policy, "BDG-654321")
    assert "FOUND  badge number  (BADGE_NUMBER, direct identifier, confidential; detector" in answer.out
    assert "badge number" not in run("try", "BDG-654321").out
    assert "BADGE_NUMBER" in run("detectors", "--policy", policy).out


def test_help_warns_of_the_history(run: Run) -> None:
    assert "history" in run("try", "--help").out


def test_in_a_process_of_its_own(spawn: Run) -> None:
    answer = spawn("try", "--detector", "iban", input=f"{GOOD}\n")
    assert (answer.code, answer.err) == (0, "")
    assert "FOUND  bank account number (IBAN)" in answer.out
