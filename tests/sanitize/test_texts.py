"""What stands inside texts is taken out of them, or replaced there: nothing of it is left."""

from __future__ import annotations

import html
import json
from urllib.parse import quote

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors
from airflow_mlsecops.core.classification import How
from airflow_mlsecops.sanitize import Means, Transformation
from airflow_mlsecops.sanitize._places import label
from airflow_mlsecops.sanitize._within import Within
from airflow_mlsecops.scan import classify
from tests.sanitize.cells import KEY, MEANS, REMOVED, made

EMAIL, CARD, SSN = "ann.lee@example.com", "4111 1111 1111 1111", "536-22-8145"
PLANTED = {EMAIL: "EMAIL_ADDRESS", CARD: "CREDIT_CARD", f"ssn {SSN}": "US_SSN"}
REDACT = made("redact")
PSEUDONYMISE = Within(inner=made("pseudonymise"))
FINDING = tuple(one for one in MEANS.detectors if one.entity.name in REMOVED)


def done(text: str, by: Transformation = REDACT, means: Means = MEANS) -> str:
    return str(by.apply(pl.Series([text]), means).item())


def proven(texts: list[str]) -> set[str]:
    """What a scan of the texts, as a column of its own, says by itself."""
    found = classify([pl.DataFrame({"c": texts})], FINDING).sightings
    return {one.entity for one in found if one.how in (How.VALIDATED, How.PATTERN)}


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isdigit() else letter for letter in text)


def hidden(text: str) -> str:
    return "\u200b".join(text)


def percent(text: str) -> str:
    return quote(text, safe="")


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def entities(text: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in text)


WAYS = (str, str.upper, wide, hidden, percent, escaped, entities, html.escape, json.dumps)
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=15) | st.sampled_from(
    ["", " ", "é字 ", "👩‍👧 ", '{"a": "']
)


@given(AROUND, st.sampled_from(sorted(PLANTED)), st.sampled_from(WAYS), AROUND)
@settings(max_examples=40, deadline=None)
def test_whatever_the_scan_proves_is_not_there_afterwards(before: str, value: str, way: object, after: str) -> None:
    text = f"{before} {way(value)} {after}"  # type: ignore[operator]
    for by in (REDACT, PSEUDONYMISE):
        left = done(text, by)
        assert not proven([left])
        if PLANTED[value] in proven([text]):
            assert value not in left
            assert left != text


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_spelling_hides_what_is_to_go(way: object) -> None:
    text = f"write to {way(EMAIL)} now"  # type: ignore[operator]
    assert "EMAIL_ADDRESS" in proven([text])
    assert "<EMAIL_ADDRESS>" in done(text)
    assert not proven([done(text)])


@given(st.lists(st.sampled_from(["hello", "x", EMAIL, f"a {CARD} b", "", None]), max_size=12))
@settings(max_examples=15, deadline=None)
def test_every_text_is_treated_by_itself(texts: list[str | None]) -> None:
    together = REDACT.apply(pl.Series(texts, dtype=pl.String), MEANS).to_list()
    assert together == [None if text is None else done(text) for text in texts]


def test_what_overlaps_goes_as_one() -> None:
    text = f"{CARD.replace(' ', '')}@example.com"
    assert done(text) in ("<EMAIL_ADDRESS>", "<CREDIT_CARD>")


def test_only_what_is_to_go_goes() -> None:
    means = Means(KEY, detectors=MEANS.detectors, entities=frozenset({"CREDIT_CARD"}))
    assert done(f"{EMAIL} paid by {CARD}", REDACT, means) == f"{EMAIL} paid by <CREDIT_CARD>"


def test_all_that_is_found_goes_where_nothing_is_named() -> None:
    assert (
        done(f"{EMAIL} paid by {CARD}", REDACT, Means(KEY, detectors=MEANS.detectors))
        == "<EMAIL_ADDRESS> paid by <CREDIT_CARD>"
    )


def test_long_texts_are_read_to_their_end() -> None:
    filler = "nothing to see here. " * 5_000
    assert done(f"{filler}{EMAIL} {filler}") == f"{filler}<EMAIL_ADDRESS> {filler}"
    assert done(filler) == filler


def test_pseudonyms_inside_texts_are_those_of_whole_cells() -> None:
    alone = made("pseudonymise").apply(pl.Series([EMAIL]), MEANS).item()
    assert done(f"from {EMAIL} to {EMAIL}", PSEUDONYMISE) == f"from {alone} to {alone}"
    assert PSEUDONYMISE.key_id(MEANS) == KEY.id


def test_what_was_put_there_is_looked_at_beside_what_stands_around_it() -> None:
    """Any random letters after ``client_secret=`` are a secret, so no pseudonym can stand there."""
    means = Means(KEY, detectors=MEANS.detectors, entities=frozenset({"GENERIC_SECRET"}))
    secret = "Zk8qT2mW9x" + "Lr4VbN7cYp"
    assert done(f"client_secret={secret}", REDACT, means) == "client_secret=<GENERIC_SECRET>"
    assert done(f"client_secret={secret}", PSEUDONYMISE, means) == "<GENERIC_SECRET>"


def test_what_is_made_up_may_stand_there_although_it_is_found() -> None:
    invented = done(f"from {EMAIL} today", Within(inner=made("synthetic", '{"kind": "email"}')))
    assert EMAIL not in invented
    assert proven([invented]) == {"EMAIL_ADDRESS"}
    assert invented.startswith("from ")


def test_what_another_transformation_cannot_read_is_redacted() -> None:
    assert done(f"from {EMAIL} today", Within(inner=made("age_band"))) == "from <EMAIL_ADDRESS> today"


def test_no_name_that_stands_in_a_place_is_found_itself() -> None:
    names = [label(entity) for entity in detectors.entities()]
    everything = Means(KEY, detectors=detectors.all_detectors())
    assert REDACT.apply(pl.Series(names), everything).to_list() == names
