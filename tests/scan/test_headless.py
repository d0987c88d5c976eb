"""Files without a header, whose first row was taken for one."""

from __future__ import annotations

import polars as pl
import pytest

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


def test_two_columns_that_are_nearly_sure_make_each_other_sure() -> None:
    given = [
        "Mikkel",
        "Ikram",
        "Dontae",
        "Zaahir",
        "Brayden",
        "Quintin",
        "Monique",
        *GIVEN[:6],
        "Emma",
        "Fatima",
        "Julia",
        "Karen",
        "Peter",
        "Helena",
        "Bastian",
        "Jasmine",
        "Marco",
        "Elena",
        "Martin",
    ]
    family = [
        "Shanahan",
        "Delgado",
        "Phillips",
        "Pham",
        "Schmidt",
        "Hoffmann",
        "Nowak",
        "Kowalski",
        "Johansson",
        "Nilsson",
        "Rossi",
        "Esposito",
        "Fernandez",
        "Lefebvre",
        "Moreau",
        "Girard",
        "Novak",
        "Petrov",
        "Kuznetsov",
        "Nguyen",
        "Hansen",
        "Jensen",
        "Virtanen",
        "Korhonen",
    ]
    coined = [f"{a}{b}{c}" for a in ("Zw", "Xu", "Kh", "Vr") for b in ("ol", "ep") for c in ("dax", "qir")]
    frame = pl.DataFrame({"c1": given + coined, "c2": [one[::-1].title() for one in coined] + family})
    assert [persons(frame.select(name)) for name in frame.columns] == [[], []]
    assert persons(frame) == ["c1", "c2"]


FAMILY = ["Nowak", "Dyrman", "Brzęczyk", "Norris", "Jarzyna"]
FIRST = ["Marian", "Zdzisław", "Zenon", "Chuck", "Krzysztof"]


@pytest.mark.parametrize(
    "value", ["1.84", "2001-03-04", "04/03/2001", "jan@example.org", "+48 601 234 567", "8501011234"]
)
def test_a_name_that_is_a_value_says_that_there_is_no_header(value: str) -> None:
    frame = pl.DataFrame({"1": range(5), "Jan": FIRST, "Kowalski": FAMILY, value: range(5)})
    assert set(persons(frame)) & {"Jan", "column[2]"}


@pytest.mark.parametrize(
    "names",
    [
        ("Sample", "1.84", "1.85", "1.86"),
        ("Remarks", "2001-03-04", "2001-03-05", "2001-03-06"),
        ("Remarks", "city", "country", "1.84"),
        ("Remarks", "2019", "2020", "2021"),
    ],
    ids=["sizes", "days", "names that tell", "years"],
)
def test_names_that_count_days_or_sizes_are_names(names: tuple[str, ...]) -> None:
    assert persons(pl.DataFrame({names[0]: GIVEN} | {name: range(12) for name in names[1:]})) == []


def test_postcodes_of_several_countries_stand_beside_streets_and_towns() -> None:
    codes = """98011|98312|75017|V3L 1E7|98052|80074|H1Y 2H5|80331|SW1A 1AA|94063|98104|30303|K4B 1S2|20354|97205"""
    towns = """Bothell|Bremerton|Paris|Vancouver|Redmond|München|Montreal|Augsburg|London|Redwood City|Seattle|Atlanta
        |Ottawa|Hamburg|Portland"""
    streets = [
        f"{number} {name} Street" for number, name in enumerate(["Oak", "Elm", "Main", "High", "Mill", "Park"] * 3, 11)
    ]
    columns = {"c1": [one.strip() for one in towns.split("|")], "c2": codes.split("|"), "c3": streets[:15]}
    frame = pl.DataFrame(columns)
    found = scan.classify([frame], all_detectors()).sightings
    assert ("c2", "POSTCODE") in {(one.column, one.entity) for one in found}
    assert scan.classify([frame.select("c2")], all_detectors()).sightings == ()
