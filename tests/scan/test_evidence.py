"""The evidence says what the scan says, of every detector and of the columns that were asked about."""

from __future__ import annotations

import polars as pl
import pytest

from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.whatif import holds
from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.scan import classify
from airflow_mlsecops.scan.evidence import Asked, Evidence, gather

FRAME = pl.DataFrame(
    {
        "full_name": ["Anna Schmidt", "Bob Marsh", "Carla Rossi"] * 4,
        "contact": ["anna@example.org", "none", "bob@example.org"] * 4,
        "acct": [f"DE8937040044053201300{digit}" for digit in range(10)] + ["", ""],
        "qty": list(range(20, 32)),
        "address": [{"city": "Berlin", "zip": "10115"}, {"city": "Rome", "zip": "00100"}, {"city": "Paris", "zip": "75001"}] * 4,
        "note": ["please call us back on Monday, it is rather urgent"] * 12,
    }
)  # fmt: skip


def evidence(asked: str = "", frame: pl.DataFrame = FRAME) -> tuple[Evidence, ...]:
    return gather([frame], all_detectors(), Asked(asked))[1]


def of(name: str, asked: str) -> Evidence:
    (one,) = [one for one in evidence(asked) if one.detector.name == name]
    return one


def test_it_says_of_every_detector_what_the_scan_says() -> None:
    found = classify([FRAME], all_detectors())
    expected = {(one.column, one.entity) for one in found.sightings}
    told = evidence()
    assert {(one.column, one.detector.entity.name) for one in told if one.sighting} == expected
    assert len(told) == len(found.columns) * len(all_detectors())


def test_the_weights_explain_the_answer() -> None:
    for one in evidence():
        assert holds(one.clue, one.detector, one.near) is (one.sighting is not None), (one.column, one.detector.name)


def test_only_what_was_asked_about() -> None:
    assert {one.column for one in evidence("qty")} == {"qty"}
    assert {one.column for one in evidence("address")} == {"address.city", "address.zip"}
    assert {one.column for one in evidence("address.zip")} == {"address.zip"}
    assert evidence("addr") == ()


def test_a_detector_that_the_name_rules_out_is_asked_all_the_same() -> None:
    age = of("age", "qty")
    assert (age.clue.fit, age.clue.cells, age.clue.looks) == (Fit.OTHER, 12, 12)
    assert [change.what for change in age.changes] == ["a column name such as `age`"]


def test_a_mistyped_column_of_numbers_came_near() -> None:
    iban = of("iban", "acct")
    assert (iban.clue.proven, iban.clue.looks, iban.clue.cells) == (1, 10, 10)


def test_a_renamed_column_is_found_as_was_said() -> None:
    renamed = evidence("age", FRAME.rename({"qty": "age"}))
    assert "AGE" in {one.detector.entity.name for one in renamed if one.sighting}


@pytest.mark.parametrize(
    ("asked", "leaf", "means"),
    [
        ("", "anything", True),
        ("a", "a", True),
        ("a", "a.b", True),
        ("a", "a[]", True),
        ("a", "ab", False),
        ("a.b", "a.b.c", True),
        ("a.b", "a", False),
    ],
)
def test_what_a_path_means(asked: str, leaf: str, means: bool) -> None:
    assert Asked(asked).means(leaf) is means


def test_batches_and_their_order_change_nothing() -> None:
    parts = [FRAME.slice(6), FRAME.slice(0, 6)]
    whole = {(one.column, one.detector.name): (one.clue, one.weights) for one in evidence()}
    _, split = gather(parts, all_detectors(), Asked(""))
    assert {(one.column, one.detector.name): (one.clue, one.weights) for one in split} == whole


def test_no_row_is_no_evidence_of_absence() -> None:
    found, told = gather([FRAME.clear()], all_detectors(), Asked("qty"))
    assert not found.complete
    assert all(one.sighting is None for one in told)
