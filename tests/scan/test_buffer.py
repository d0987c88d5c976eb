"""Cells that are read as one text are told apart again."""

from __future__ import annotations

import re

import polars as pl
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.scan.buffer import Buffer
from airflow_mlsecops.scan.syntax import OTHER
from airflow_mlsecops.scan.text import text_of

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=20)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ""),
        ([""], ""),
        (["a"], "a"),
        (["abc", "", "d"], "abcd"),
        (["é"], OTHER),
        (["ab\x7f", "€"], f"ab\x7f{OTHER}"),
    ],
)
def test_characters_of_texts(texts: list[str], expected: str) -> None:
    assert Buffer(pl.Series(texts, dtype=pl.String)).characters - {"\n"} == frozenset(expected)


@given(texts=TEXTS)
@settings(max_examples=100, deadline=None)
def test_no_character_is_overlooked(texts: list[str]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    expected = {character if character < OTHER else OTHER for text in texts for character in text}
    for chunked in (series, pl.concat([series, series], rechunk=False)):
        assert Buffer(chunked).characters >= expected


@given(
    texts=st.lists(st.text("ab\né0", max_size=6), max_size=12),
    pattern=st.sampled_from(["a", "^b", "a$", r"\ba", "ab", "(?:^|é)0"]),
)
@settings(max_examples=300, deadline=None)
def test_every_cell_with_a_match_is_told(texts: list[str], pattern: str) -> None:
    """Also where a match before it reaches into it, and where lines end inside cells."""
    told = Buffer(pl.Series(texts, dtype=pl.String)).places(re2.compile(f"(?m){pattern}".encode()))
    assert set(told) >= {place for place, text in enumerate(texts) if re.search(pattern, text, re.ASCII)}
    assert told == sorted(set(told))


def test_a_match_that_reaches_into_the_next_cell_hides_nothing() -> None:
    told = Buffer(pl.Series(["xa", "b a", "", "a"])).places(re2.compile(rb"a[^x]*"))
    assert told == [0, 1, 3]


@pytest.mark.parametrize("cells", [0, 1, 100, 2_000])
def test_few_and_many_cells_are_parted_alike(cells: int) -> None:
    buffer = Buffer(pl.Series(["aé", "b"] * cells, dtype=pl.String))
    assert buffer.places(re2.compile(b"a")) == list(range(0, 2 * cells, 2))
    assert buffer.ends.tolist() == [end for cell in range(cells) for end in (6 * cell + 3, 6 * cell + 5)]
    assert buffer.longest == (3 if cells else 0)


@pytest.mark.parametrize("code", range(128))
def test_what_is_called_plain_is_read_as_it_stands(code: int) -> None:
    cells = pl.Series([f"a{chr(code)}b"])
    read = text_of(cells)
    assert read is not None
    assert Buffer(cells).plain is (read.to_list() == cells.to_list())


def test_it_shows_nothing_of_what_it_holds() -> None:
    assert "secret" not in repr(Buffer(pl.Series(["secret"])))
