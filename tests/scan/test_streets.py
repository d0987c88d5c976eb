"""Streets that no word tells, beside persons and towns."""

from __future__ import annotations

import polars as pl
import pytest

from airflow_mlsecops import scan
from airflow_mlsecops.detectors import all_detectors

PERSONS = ["Jana Nováková", "Petr Svoboda", "Eva Dvořáková", "Tomáš Černý", "Lucie Procházková", "Martin Kučera"]
TOWNS = ["Praha", "Brno", "Ostrava", "Plzeň", "Liberec", "Olomouc"]
STREETS = ["Vašátkova 645", "Bazovského 87", "Severovýchodní 510", "Zdiměřická 12", "Kupeckého 9a", "Mendíků 1396/3"]
PRODUCTS = ["Lamp 12", "Chair 7", "Table 101", "Sofa 3", "Shelf 45", "Mirror 8"]


def addresses(frame: pl.DataFrame) -> list[str]:
    found = scan.classify([frame], all_detectors()).sightings
    return [one.column for one in found if one.entity == "STREET_ADDRESS"]


@pytest.mark.parametrize("column", ["c3", "", "Unnamed: 2"])
def test_names_with_numbers_beside_persons_and_towns_are_streets(column: str) -> None:
    assert addresses(pl.DataFrame({"name": PERSONS, "city": TOWNS, column: STREETS})) != []


def test_everyday_words_with_numbers_are_none() -> None:
    assert addresses(pl.DataFrame({"name": PERSONS, "city": TOWNS, "c3": PRODUCTS})) == []


def test_a_name_that_says_something_else_is_believed() -> None:
    assert addresses(pl.DataFrame({"name": PERSONS, "city": TOWNS, "model": STREETS})) == []


def test_without_persons_and_towns_they_may_be_anything() -> None:
    assert addresses(pl.DataFrame({"c3": STREETS, "quantity": [1, 2, 3, 4, 5, 6]})) == []
