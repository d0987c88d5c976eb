"""Files without a header, whose first row was taken for one."""

from __future__ import annotations

import polars as pl

from airflow_mlsecops import scan
from airflow_mlsecops.detectors import all_detectors

GIVEN = [
    "Camille",
    "Sophie",
    "Lucas",
    "Hugo",
    "Manon",
    "Louis",
    "Alice",
    "Emma",
    "Fatima",
    "Annélia",
    "Lynkxia",
    "Sharani",
]
GROUPS = ["3A", "4F", "6A", "3A", "5C", "4F", "6A", "3A", "5C", "4F", "3A", "6A"]


def persons(frame: pl.DataFrame) -> list[str]:
    found = scan.classify([frame], all_detectors()).sightings
    return [one.column for one in found if one.entity == "PERSON"]


def test_a_name_that_stands_among_the_values_of_its_column_says_that_there_is_no_header() -> None:
    assert persons(pl.DataFrame({"3A": GROUPS, "Remarks": GIVEN})) == ["Remarks"]


def test_without_it_a_name_that_says_something_else_is_believed() -> None:
    assert persons(pl.DataFrame({"Group": GROUPS, "Remarks": GIVEN})) == []


def test_a_header_that_is_repeated_further_down_is_one() -> None:
    joined = pl.DataFrame({"Remarks": [*GIVEN, "Remarks"], "city": [*["Lyon"] * 12, "city"]})
    assert persons(joined) == []


def test_a_choice_that_is_ticked_is_no_first_row() -> None:
    assert persons(pl.DataFrame({"Chrome": ["Chrome", None] * 6, "Remarks": GIVEN})) == []
