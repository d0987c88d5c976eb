"""Texts in which patterns match, drawn for property tests."""

from __future__ import annotations

import re

import polars as pl
from hypothesis import strategies as st

from airflow_mlsecops.scan.pattern import ascii_pattern
from airflow_mlsecops.scan.text import text_of

AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBER = re.compile("[0-9]")


def matching(pattern: str) -> st.SearchStrategy[str]:
    """Texts in which a pattern matches, mostly, with anything around them; in either case where it takes either."""
    # A class of a million letters takes seconds to draw from: a few of them do.
    compiled = re.compile(pattern.replace("\U0010ffff", "\xff"), re.ASCII)
    core = st.from_regex(compiled, fullmatch=True) | st.from_regex(compiled)
    cased = st.tuples(core, st.sampled_from((str, str.upper, str.lower))).map(lambda pair: pair[1](pair[0]))
    return st.tuples(AROUND | st.just(""), cased, AROUND | st.just("")).map("".join)


def frame_of(texts: list[str]) -> pl.DataFrame:
    """Cells as the sieve takes them: folded, as every cell of a column is before it is searched."""
    folded = text_of(pl.Series(texts, dtype=pl.String))
    assert folded is not None
    return pl.DataFrame({"place": pl.int_range(len(texts), dtype=pl.UInt32, eager=True), "text": folded})


def matched(cells: pl.DataFrame, pattern: str) -> set[int]:
    """Places of the cells in which a pattern matches: the exact answer, of one pattern in one pass."""
    return set(cells.filter(pl.col("text").str.contains(ascii_pattern(pattern)))["place"].to_list())
