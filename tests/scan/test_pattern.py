"""Patterns mean the same to people who write them and to the scan."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.scan.pattern import ascii_pattern, looser, pieces, shortest_number, split

SPELT = [
    (r"\d{3}", "[0-9]{3}"),
    (r"[\d-]", "[0-9-]"),
    (r"\w+", "[0-9A-Za-z_]+"),
    (r"\D", "[^0-9]"),
    (r"\bx\b", r"(?-u:\b)x(?-u:\b)"),
    (r"\\d", r"\\d"),
    (r"[\]\d]", r"[\]0-9]"),
    (r"\[\d", r"\[[0-9]"),
    (r"a.b", "a.b"),
]

LOOSER = [
    ("[0-9 ]*a{13,}", "a{5,}"),
    ("x{3}", "x{3}"),
    ("x{9}y", "x{5,}y"),
    ("x{2,4}", "x{2,}"),
    (r"a\{9}", r"a\{9}"),
    (r"[\]x]*b|c*d|(?:e*|f)", "b|d|(?:e*|f)"),
    ("[a]*?b", "[a]*?b"),
    ("a[|]b|c", "a[|]b|c"),
    ("ab*", "a"),
    ("[ab]+c", "[ab]c"),
    ("a*", ""),
    (r"ab\*", r"ab\*"),
    ("(?:ab)*", "(?:ab)*"),
]


@pytest.mark.parametrize(("pattern", "spelt"), SPELT)
def test_classes_are_spelt_out(pattern: str, spelt: str) -> None:
    assert ascii_pattern(pattern) == spelt


@pytest.mark.parametrize("pattern", [r"\B", r"[\D]", r"[a\W]"])
def test_what_cannot_be_spelt_out_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="spell it out"):
        ascii_pattern(pattern)


@pytest.mark.parametrize(("pattern", "expected"), LOOSER)
def test_loosening(pattern: str, expected: str) -> None:
    assert looser(pattern, 5) == expected


@pytest.mark.parametrize(("pattern", "_expected"), LOOSER)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_looser_pattern_misses_nothing(pattern: str, _expected: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII)))
    cell = pl.Series([text])
    assert not cell.str.contains(ascii_pattern(pattern)).item() or cell.str.contains(looser(pattern, 5)).item()


NUMBERS = [
    ("[0-9]{9}", 9),
    (r"\d{3}-?\d{2}-?\d{4}", 9),
    (r"\d{3}-\d{2}-\d{4}", None),
    ("a|[0-9]{5,7}|[0-9]{12}", 5),
    ("(?i:ssn)? ?[0-9]{4}", 4),
    ("(?:ab|[0-9]){3}", 3),
    ("[^a]{4}", 4),
    ("x", None),
    ("^$", 0),
    (r"\b[1-9](?:[0-9]{2})+\b", 3),
    (".{6}", 6),
]


@pytest.mark.parametrize(("pattern", "expected"), NUMBERS)
def test_the_shortest_number_that_may_match(pattern: str, expected: int | None) -> None:
    assert shortest_number(pattern) == expected


EVERY = [one for detector in all_detectors() for one in (detector.pattern, detector.cell_pattern) if one]


@given(digits=st.text("0123456789", max_size=24), data=st.data())
@settings(max_examples=400, deadline=None)
def test_no_shorter_number_matches(digits: str, data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(EVERY))
    least = shortest_number(pattern)
    if re.search(pattern, digits, re.ASCII):
        assert least is not None
        assert len(digits) >= least


def test_what_a_number_is_drawn_from_has_that_many_digits() -> None:
    numeric = [pattern for pattern in EVERY if shortest_number(pattern)]
    assert len(numeric) > 50


def test_unicode_digits_are_no_digits() -> None:
    assert pl.Series(["١٢٣"]).str.contains(ascii_pattern(r"\d")).to_list() == [False]


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("a|b", ["a", "b"]),
        ("(?:a|b)|c", ["(?:a|b)", "c"]),
        ("[|]|x", ["[|]", "x"]),
        (r"\||y", [r"\|", "y"]),
        (r"[\]|]z", [r"[\]|]z"]),
        ("", [""]),
        ("a|", ["a", ""]),
    ],
)
def test_alternatives_are_told_apart(pattern: str, parts: list[str]) -> None:
    assert list(split(pattern)) == parts
    assert "".join(piece for piece, _, _ in pieces(pattern)) == pattern
