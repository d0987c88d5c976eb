"""A pattern that matches in a text matches in its shape, put into shapes itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.scan.buffer import Buffer
from airflow_mlsecops.scan.need import alternatives
from airflow_mlsecops.scan.pattern import ascii_pattern, quick
from airflow_mlsecops.scan.shape import LONGEST, fits, shaped, shapes_of
from tests.many import many
from tests.scan.drawing import matching
from tests.scan.test_need import PATTERNS

SHAPED = [
    ("[0-9]{3}", "123", True),
    ("[0-9]{3}", "12a", False),
    ("[3-7]{3}", "000", True),
    ("[^0-9]", "7", False),
    ("[^5]", "5", True),
    ("(?i:id)[0-9]", "Xy7", True),
    ("id[0-9]", "AA7", False),
    (r"\bx", "ax", True),
    (r"\bx", "_a", False),
    (r"\bx", "- a", True),
    ("^a$", "b", True),
    ("^a$", "bb", False),
    ("a|7", "3", True),
    (".", "%", True),
    ("é", "e", False),
    ("(?i:K)", "k", True),
    ("(?:ab){2,4}", "xyz", False),
    ("x{500}", "x" * 20, False),
    ("[a-f0-9]{8}-[a-f0-9]{4}", "aaaa0000-0a0a", True),
    ("[A-Z]{3}", "abc", False),
    ("", "", True),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), SHAPED)
def test_shapes(pattern: str, text: str, expected: bool) -> None:
    assert fits(pattern, shapes_of(text.encode()) or b"") is expected


def test_what_cannot_be_told_is_not_ruled_out() -> None:
    with pytest.raises(ValueError, match="ASSERT"):
        shaped("(?=a)b")
    assert fits("(?=a)b", b"0")


def holds(pattern: str, text: str) -> bool:
    return bool(pl.Series([text]).str.contains(ascii_pattern(pattern)).item())


@given(pattern=PATTERNS, data=st.data())
@settings(max_examples=many(150), deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_matches_fits(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII), alphabet=st.characters(max_codepoint=0x4FF)))
    if text.isascii() and "\n" not in text and holds(pattern, text):
        assert fits(pattern, shapes_of(text.encode()) or b"")


def patterns(detector: Detector) -> Iterator[tuple[str, Callable[[str], object]]]:
    """Everything it looks for, in the engine that looks: cells of a sample are read by Python's own."""
    yield from ((one, partial(holds, one)) for one in alternatives(detector.pattern or ""))
    yield from ((one, quick(one).search) for one in (detector.cell_pattern,) if one)


@pytest.mark.parametrize("detector", all_detectors(), ids=lambda one: one.name)
@given(data=st.data())
@settings(max_examples=many(5), deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_detector_finds_fits(detector: Detector, data: st.DataObject) -> None:
    for pattern, matches in patterns(detector):
        text = data.draw(matching(pattern))
        if text.isascii() and "\n" not in text and matches(text):
            assert fits(pattern, shapes_of(text.encode()) or b"")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["12", "34", "5"], b"0\n00"),
        (["Ab-1"], b"Aa-0"),
        ([], b""),
        (["é"], None),
        (["a\nb"], None),
        (["x" * (LONGEST + 1)], None),
    ],
)
def test_shapes_of_cells(texts: list[str], expected: bytes | None) -> None:
    found = Buffer(pl.Series(texts, dtype=pl.String)).shapes
    assert found == expected


def test_many_shapes_are_none() -> None:
    texts = [f"{'a' * (number % 40)}{'-' * (number % 17)}{number}" for number in range(5_000)]
    assert Buffer(pl.Series(texts)).shapes is None
    assert Buffer(pl.Series(["a1"] * 5_000 + texts)).shapes is None


@given(lines=st.lists(st.text("aA0-", max_size=6), min_size=1, max_size=30), last=st.text("aA0-", max_size=6))
@settings(max_examples=many(40), deadline=None)
def test_many_lines_have_the_shapes_of_few(lines: list[str], last: str) -> None:
    few, end = "\n".join(lines).encode(), last.encode()
    many = [few] * (1 + (1 << 16) // (len(few) + 1))
    assert shapes_of(b"\n".join([*many, end])) == shapes_of(b"\n".join([few, end]))
