"""What a scan makes of columns that were treated, under the names that such columns have."""

from __future__ import annotations

import polars as pl
import pytest

from airflow_mlsecops import detectors
from airflow_mlsecops.core.classification import How
from airflow_mlsecops.scan import classify
from tests.canary import planted
from tests.sanitize.cells import MEANS, made

ROWS = 200
NAMES = sorted(planted())
DIGITS = pl.Series([f"{number * 7919 % 10**16:016}" for number in range(1, ROWS + 1)])


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("pseudonymise", ""), ("mask", '{"keep_last": 4}'), ("mask", ""), ("constant", '{"value": "removed"}')],
)
def test_only_its_name_makes_a_treated_column_look_like_what_it_was(name: str, parameters: str) -> None:
    """Nothing in it is proven, so that whoever knows its shape may pass over what the name says."""
    made_of = made(name, parameters).apply(DIGITS, MEANS)
    frame = pl.DataFrame(dict.fromkeys(NAMES, made_of))
    found = classify([frame], detectors.all_detectors()).sightings
    assert {one.how for one in found} <= {How.NAME}


def test_pseudonyms_are_nothing_where_no_name_says_what_they_are() -> None:
    pseudonyms = made("pseudonymise").apply(DIGITS, MEANS)
    frame = pl.DataFrame(
        {"c1": pseudonyms, "payload": '{"x": "' + pseudonyms + '"}', "note": "See " + pseudonyms + "."}
    )
    assert classify([frame], detectors.all_detectors()).sightings == ()
