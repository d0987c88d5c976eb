"""Where in texts something stands."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors
from airflow_mlsecops.scan import Occurrence, occurrences

ALL = detectors.all_detectors()
SEARCHING = tuple(detector for detector in ALL if detector.pattern is not None)
CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        (f"my card {CARD}, thanks", "CREDIT_CARD", CARD),
        ("write to ann.lee@example.com.", "EMAIL_ADDRESS", "ann.lee@example.com"),
        ("é 字 SSN: 536-22-8145!", "US_SSN", "536-22-8145"),
        ("call +1 212 736 5000 now", "PHONE_NUMBER", "+1 212 736 5000"),
        ("pay DE89 3704 0044 0532 0130 00 today", "IBAN_CODE", "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_places_are_counted_in_characters(text: str, entity: str, value: str) -> None:
    ((found,),) = occurrences([text], SEARCHING)
    assert (text[found.start : found.end], found.entity) == (value, entity)


def test_of_what_overlaps_the_better_proven_stays() -> None:
    ((*found,),) = occurrences([f"{CARD.replace(' ', '')}@example.com"], SEARCHING)
    assert len(found) == 1


def test_every_text_has_its_own() -> None:
    texts = ["nothing", f"{CARD} and ann@example.com", ""]
    assert [len(found) for found in occurrences(texts, SEARCHING)] == [0, 2, 0]
    assert occurrences([], ALL) == []
    assert occurrences(["x"], ()) == [()]


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=4))
@settings(max_examples=30, deadline=None)
def test_occurrences_stand_in_their_texts_apart_and_in_order(texts: list[str]) -> None:
    planted = [f"{text} ann@example.com {CARD} {text}" for text in texts]
    for text, found in zip(planted, occurrences(planted, ALL), strict=True):
        assert list(found) == sorted(found)
        assert all(0 <= one.start < one.end <= len(text) for one in found)
        assert all(one.end <= two.start for one, two in pairwise(found))
        assert {one.entity for one in found} >= {"EMAIL_ADDRESS", "CREDIT_CARD"}


def test_an_occurrence_tells_no_value() -> None:
    assert repr(Occurrence(0, 3, "US_SSN")) == "Occurrence(start=0, end=3, entity='US_SSN')"


@pytest.mark.parametrize("text", ["ſſn 536228145", "ssn ５３６２２８１４５", "é ſſn 536228145"])
def test_texts_are_read_as_cells_are(text: str) -> None:
    """A letter that only looks different hides nothing; it still stands in the same place."""
    ((one,),) = occurrences([text], ALL)
    assert (one.entity, text[one.start : one.end]) == ("US_SSN", text[-9:])
