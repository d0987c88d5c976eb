"""What a pattern needs is a lower bound: every text in which it matches has it."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.scan.clause import digits_in_a_row, token_of
from airflow_mlsecops.scan.need import alternatives, need
from airflow_mlsecops.scan.pattern import ascii_pattern, looser, shortest_number
from airflow_mlsecops.scan.runs import LONGEST_GAP
from airflow_mlsecops.scan.syntax import OTHER, PLAIN

DIGITS = [
    ("[0-9]{9}", 9),
    (r"\d{3}-\d{2}-\d{4}", 9),
    ("[0-9]{3}[ -]?[0-9]{4}", 7),
    ("(?:[0-9]{2}[ .]){3}[0-9]{2}", 8),
    ("[0-9]{4}x[0-9]{5}", 5),
    ("[0-9]{4}[ ]{0,9}[0-9]{5}", 5),
    ("[0-9]{4}(?:abc)?[0-9]{5}", 5),
    ("a[0-9]*b", 0),
    ("[0-9]{3}|[0-9]{5}", 3),
    ("(?:[0-9]{3}|[0-9]{5}) ?[0-9]{2}", 5),
    (r"\b[0-9]{2}(?:[,.][0-9]{3})*\b", 2),
    ("[0-9a]{8}", 0),
    ("(?:[0-9]-){5}", 5),
    (f"[0-9]{{2}}[ ]{{{LONGEST_GAP}}}[0-9]{{2}}", 4),
    (f"[0-9]{{2}}[ ]{{{LONGEST_GAP + 1}}}[0-9]{{2}}", 2),
]
TOKENS = [
    ("[0-9A-Za-z]{20}", 20),
    ("ghp_[0-9a-f]{6}", 10),
    ("[a-z]{5} [a-z]{6}", 6),
    ("a.b", 1),
    ("(?:ab|c)d{3}", 4),
    ("(?i:tok)[0-9]{4}[^ ]{30}", 7),
]
WORDS = [
    ("(?i:passport|visa) [0-9]", {"passport ", "visa "}),
    ("Token=[0-9]+", {"token="}),
    ("(?:xox[ab])-[0-9]", {"xoxa-", "xoxb-"}),
    ("[0-9]+", set()),
    ("(?i:a|bcd)", {"a", "bcd"}),
    ("x?yz", {"yz", "xyz"}),
    ("(?i:straße)", {"straße"}),
    ("(?i:σας)", set()),
    ("abc|[0-9]", set()),
]
MARKED = [
    ("[A-Za-z]+ [a-z]+", False),
    ("[a-z]+@[a-z]+", True),
    ("[a-z]+-?[a-z]", False),
    ("[0-9]|a", False),
    ("é", True),
]
PARTS = [
    ("a|b", ("a", "b")),
    ("(?:a|b)c", ("ac", "bc")),
    ("(?:a|b)+c", ("(?:a|b)+c",)),
    ("(?:a|(?:b|c)d)e|f", ("ae", "bde", "cde", "f")),
    ("(?:a)b", ("(?:a)b",)),
    ("(?i:a|b)", ("(?i:a|b)",)),
    ("(?i)a|b", ("(?i:a|b)",)),
    ("(?:a|b)", ("a", "b")),
]


@pytest.mark.parametrize(("pattern", "expected"), DIGITS)
def test_digits_in_a_row(pattern: str, expected: int) -> None:
    assert need(pattern).digits == expected


@pytest.mark.parametrize(("pattern", "expected"), TOKENS)
def test_a_token(pattern: str, expected: int) -> None:
    assert need(pattern).token == expected


@pytest.mark.parametrize(("pattern", "expected"), WORDS)
def test_words(pattern: str, expected: set[str]) -> None:
    assert need(pattern).words == expected


@pytest.mark.parametrize(("pattern", "expected"), MARKED)
def test_a_character_of_no_plain_text(pattern: str, expected: bool) -> None:
    assert need(pattern).marked is expected


@pytest.mark.parametrize(("pattern", "parts"), PARTS)
def test_alternatives(pattern: str, parts: tuple[str, ...]) -> None:
    assert alternatives(pattern) == parts


# Patterns made of all that detectors use, nested at random.
ATOMS = st.sampled_from(
    ["[0-9]", "[0-9]{3}", r"\d{2}", "[a-f0-9]", "[A-Z]{2}", "a", "é", "-", "[ .-]", "[ -]?", r"\b", r"\s", r"\w", "[^ ]", "x{2}",
     "tok", "[^0-9A-Za-z]{0,4}", ".", "(?i:key)", "(?i:straße)", "(?i:к)", "[0-9]*", "[a-z]+", r"\.", "[0-9A-Za-z_-]{6}", "_"]
)  # fmt: skip
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: f"(?:{'|'.join(some)})"),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,3}", "{1,2}"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
        inner.map(lambda one: f"(?i:{one})"),
    ),
    max_leaves=6,
)


@given(pattern=PATTERNS, data=st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_matches_has_what_is_needed(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII), alphabet=st.characters(max_codepoint=0x4FF)))
    cell = pl.Series([text])
    if not cell.str.contains(ascii_pattern(pattern)).item():
        return
    parts = [one for one in alternatives(pattern) if cell.str.contains(ascii_pattern(one)).item()]
    assert parts
    for part in parts:
        wants = need(part)
        assert len(text) >= wants.length
        assert wants.digits == 0 or cell.str.contains(digits_in_a_row(wants.digits)).item()
        assert wants.token == 0 or cell.str.contains(token_of(wants.token)).item()
        assert not wants.words or any(word in cell.str.to_lowercase().item() for word in wants.words)
        assert not wants.marked or set(text) - PLAIN
        # NFKC leaves neither the long s nor the Kelvin sign, which are other cases of ASCII letters.
        if not set(text) & set("ſ\u212a"):
            there = {character if character < OTHER else OTHER for character in text}
            assert all(there & wanted for wanted in wants.sets)
        assert cell.str.contains(looser(part, 3)).item()
        if text.isdecimal() and text.isascii():
            assert shortest_number(part) is not None
            assert len(text) >= (shortest_number(part) or 0)
