"""Whole tables as people export them, and innocent columns that look like something, through the real scan."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from airflow_mlsecops import scan
from airflow_mlsecops.core.accuracy import Accuracy, Claim, Place
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.entity import Role
from airflow_mlsecops.detectors import all_detectors, entities
from airflow_mlsecops.scan.evidence import Asked
from airflow_mlsecops.sources import LocalClients, open_source
from tests.tables.confusable import KINDS, Kind

FOLDER = Path(__file__).parent
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem != "labels")
LEAST_F1, MOST_ALARMS, MOST_NAMELESS = 0.9, 0.015, 2


def _at(table: str, column: str, entity: str) -> Claim:
    return Claim(Place(table, column), entity)


# What the scan gets wrong, and why: counted like every other mistake, and a test goes red once one of them is mended.
KNOWN = {
    _at("bank_statement", "Credit", "ACCOUNT_BALANCE"): "a movement, beside a column that is the balance",
    _at("account_flags", "gender_neutral_size", "GENDER"): "M is medium where S and L stand too",
    _at("crm_de", "Umsatz 2024", "TRANSACTION_AMOUNT"): "revenue of a year; umsatz moves money in statements only",
    _at("crm_tr", "bakiye_puan", "ACCOUNT_BALANCE"): "loyalty points left, no money",
    _at("insurance_claims", "injuries", "HEALTH_CONDITION"): "a count from 0 to 2",
    _at("real_estate", "bldg_age", "AGE"): "building is a word that denies age, its abbreviation is not",
}
KNOWN_KINDS = {
    "thumbnail_b64": "forty characters of base64 have the shape of an AWS secret; the name should deny it",
}


class Label(NamedTuple):
    """What a column holds.

    :param sure: must be found
    :param either: may be found
    """

    place: Place
    sure: frozenset[str]
    either: frozenset[str]


@cache
def labels() -> tuple[Label, ...]:
    with (FOLDER / "labels.csv").open(newline="", encoding="utf-8") as file:
        return tuple(_label(row) for row in csv.DictReader(file))


def _label(row: dict[str, str]) -> Label:
    said = [one for one in row["entities"].split(";") if one]
    either = frozenset(one.removeprefix("?") for one in said if one.startswith("?"))
    return Label(Place(row["table"], row["column"]), frozenset(said) - {f"?{one}" for one in either}, either)


@cache
def found(table: str) -> frozenset[Claim]:
    source = open_source(parse(str(FOLDER / f"{table}.csv")), "", LocalClients())
    columns = [label.place.column for label in labels() if label.place.table == table]
    return frozenset(
        Claim(Place(table, column), sighting.entity)
        for sighting in scan.classify(source.batches(), all_detectors()).sightings
        for column in columns
        if Asked(column).means(sighting.column)
    )


@cache
def measured() -> Accuracy:
    """Labels against findings; what is accepted either way is in neither."""
    either = {Claim(label.place, entity) for label in labels() for entity in label.either}
    return Accuracy(
        labelled=frozenset(Claim(label.place, entity) for label in labels() for entity in label.sure),
        found=frozenset(claim for table in TABLES for claim in found(table)) - either,
        quiet=frozenset(label.place for label in labels() if not label.sure),
    )


def named(claims: Iterable[Claim]) -> str:
    """Names alone: cells stay out of messages."""
    return "\n".join(f"{claim.place.table}.{claim.place.column}: {claim.entity}" for claim in sorted(claims))


def seen_in(cells: list[str], header: str) -> list[str]:
    frame = pl.DataFrame({header: cells})
    return sorted({sighting.entity for sighting in scan.classify([frame], all_detectors()).sightings})


def test_every_column_of_every_table_has_one_label() -> None:
    there = []
    for table in TABLES:
        with (FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            there += [Place(table, column) for column in next(csv.reader(file))]
    assert sorted(there) == sorted(label.place for label in labels())


def test_labels_name_entities_that_there_are() -> None:
    assert {entity for label in labels() for entity in label.sure | label.either} <= entities().keys()


@pytest.mark.parametrize("table", TABLES)
def test_a_direct_identifier_is_not_missed(table: str) -> None:
    missed = {
        Claim(label.place, entity)
        for label in labels()
        if label.place.table == table and not any(Claim(label.place, one) in found(table) for one in label.sure)
        for entity in label.sure
        if entities()[entity].role is Role.DIRECT
    }
    assert missed <= KNOWN.keys(), named(missed - KNOWN.keys())


def test_entities_are_told_apart() -> None:
    accuracy = measured()
    assert accuracy.macro is not None
    assert accuracy.macro >= LEAST_F1, (
        f"macro F1 {accuracy.macro:.3f}\nmissed:\n{named(accuracy.missed)}\nmistaken:\n{named(accuracy.mistaken)}"
    )


def test_innocent_columns_are_left_alone() -> None:
    accuracy = measured()
    share = accuracy.false_positives / len(accuracy.quiet)
    assert share <= MOST_ALARMS, f"{share:.1%} of {len(accuracy.quiet)} columns:\n{named(accuracy.alarms)}"


def test_what_is_known_to_be_wrong_still_is() -> None:
    accuracy = measured()
    mended = KNOWN.keys() - {*accuracy.missed, *accuracy.mistaken, *accuracy.alarms}
    assert not mended, f"mended, take it out of KNOWN:\n{named(mended)}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.header)
def test_a_fitting_name_keeps_a_kind_innocent(kind: Kind) -> None:
    seen = seen_in(kind.cells(), kind.header)
    assert bool(seen) == (kind.header in KNOWN_KINDS), f"{kind.header}: {seen or 'mended, take it out of KNOWN_KINDS'}"


def test_without_a_name_hardly_any_kind_is_taken_for_something() -> None:
    seen = {kind.header: seen for kind in KINDS if (seen := seen_in(kind.cells(), "c3"))}
    assert len(seen.keys() - KNOWN_KINDS.keys()) <= MOST_NAMELESS, seen
