"""What detectors make of the values of a column."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.scan import classify
from airflow_mlsecops.scan.clues import Counts, look, read, values_of

ENTITY = Entity(name="FAKE", title="fake", role=Role.DIRECT, level=Level.INTERNAL)
EVEN = Detector(
    entity=ENTITY,
    cell_pattern="^[0-9]{3}$",
    cell=lambda cell: cell if cell != "000" else "",
    known=lambda cell: int(cell) % 2 == 0,
    common=0.001,
    names=("fake",),
)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "N/A", "n/a", "NULL", "None", "unknown", "Not available", "TBD", "(blank)"]
)
def test_placeholders_are_no_cells_but_rows(text: str) -> None:
    values = values_of([(text, 7), (" a ", 2)])
    assert (values.cells, values.of) == ((("a", 2),), 9)


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("the order was shipped late and nobody could say why", True),
        ("short text of five words", False),
        ("https://example.com/one/two/three/four/five/six/seven", False),
        ("4111 1111 1111 1111 4111 1111 1111 1111 4111", False),
        ("ok", False),
    ],
)
def test_sentences_are_told_from_values(text: str, prose: bool) -> None:
    assert values_of([(text, 1)]).prose is prose


def test_cells_are_counted_with_their_rows() -> None:
    looked = look(EVEN, values_of([("122", 3), ("123", 5), ("000", 1), ("y", 9)]), Fit.SAYS)
    assert (looked.cells, looked.shaped, looked.looks, looked.known) == (4, Counts(3, 9), Counts(2, 8), Counts(1, 3))
    assert set(looked.found) == {"122", "123"}


def test_only_known_values_are_kept_where_the_name_says_nothing() -> None:
    assert set(look(EVEN, values_of([("122", 3), ("123", 5)]), Fit.MUTE).found) == {"122"}


def test_a_hopeless_column_is_left_after_its_first_values() -> None:
    values = values_of([(f"{number:03}", 1) for number in range(101, 999, 2)])
    assert look(EVEN, values, Fit.MUTE).cells == 64
    assert look(EVEN, values, Fit.HINTS).cells == len(values.cells)


def test_what_is_not_possible_is_not_looked_at() -> None:
    likely = Detector(entity=ENTITY, cell_pattern="^y$", common=0.5, names=("fake",))
    assert look(likely, values_of([("y", 1)]), Fit.MUTE).cells == 0
    assert look(likely, values_of([("y", 1)]), Fit.SAYS).cells == 1
    assert look(Detector(entity=ENTITY, pattern="x"), values_of([("y", 1)]), Fit.SAYS).cells == 0


def test_sentences_are_read_up_to_a_bound_and_counted_with_their_rows() -> None:
    texts = [(f"sentence number {number} says that somebody called Ann was there", 2) for number in range(500)]
    named = Detector(
        entity=ENTITY, pattern="x", prose=lambda text: ((text.index("Ann"), text.index("Ann") + 3, "ann"),)
    )
    counted, told = read(named, values_of(texts))
    assert counted == told
    assert 0 < counted.cells <= 500
    assert counted.rows == 2 * counted.cells
    assert read(EVEN, values_of(texts)) == (Counts(), Counts())


def test_what_was_looked_at_shows_no_value() -> None:
    values = values_of([("122 secret", 1)])
    assert "122" not in repr((values, look(EVEN, values_of([("122", 1)]), Fit.SAYS)))


@pytest.mark.parametrize(
    ("numbers", "counted"),
    [
        ([(str(number), 1) for number in range(10234, 10274)], True),
        ([(str(number), 1) for number in range(20121, 20221, 3)], True),
        ([(str(number), 2) for number in range(20121, 20162)], False),
        ([(str(number), 1) for number in range(10115, 99998, 997)], False),
        ([(str(number), 1) for number in range(10234, 10240)], False),
        ([(f"{number}-{number}", 1) for number in range(10, 60)], False),
    ],
    ids=["one by one", "with gaps", "twice each", "far apart", "few", "no numbers"],
)
def test_numbers_that_are_counted_up_are_keys(numbers: list[tuple[str, int]], counted: bool) -> None:
    values = values_of(numbers)
    digits = replace(EVEN, cell_pattern="^[0-9]{5}$", cell=str, known=None, common=0.011)
    assert values.counted is counted
    assert (look(digits, values, Fit.MUTE).known.cells == 0) is (counted or not numbers[0][0].isdigit())
    assert look(digits, values, Fit.SAYS).known.cells == (len(numbers) if numbers[0][0].isdigit() else 0)


@pytest.mark.parametrize("rows", [60, 3_000, 60_000], ids=["all seen", "nearly all seen", "a sample seen"])
def test_keys_are_told_in_tables_of_any_length(rows: int) -> None:
    """Of many rows a sample is looked at, whose numbers lie far apart."""
    frame = pl.DataFrame(
        {
            "c0": [str(10_000 + row) for row in range(rows)],
            "c1": [f"{row % 200 + 1} Main Street" for row in range(rows)],
            "c2": ["Springfield", "Austin", "Denver", "Boston", "Chicago", "Seattle"] * (rows // 6),
        }
    )
    found = classify([frame], all_detectors()).sightings
    assert {one.column for one in found} == {"c1", "c2"}
