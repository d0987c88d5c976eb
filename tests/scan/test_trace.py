"""Values are followed into parents by keyed digests that nothing outlives."""

from __future__ import annotations

import copy
import pickle
import random

import polars as pl
import pytest

from airflow_mlsecops import detectors, scan

ALL = detectors.all_detectors()
CHILD = pl.DataFrame(
    {
        "contact": ["ann@example.com", "bob@example.com", "eve@example.com", "zoe@example.com", None],
        "memo": ["card 4111-1111-1111-1111", "x", "y", "", "call +1 212 736 5000"],
        "full_name": ["Ann Lee", "Bob Ray", "", None, "Eve Moe"],
    }
)
PARENT = pl.DataFrame(
    {
        "mail": ["ANN@example.com", "x <bob@example.com>", "eve@example.com", "else@example.com"],
        "backup": ["ann@example.com", None, "", "-"],
        "pan": ["4111 1111 1111 1111", None, None, "5555555555554444"],
        "who": ["ANN LEE", "Someone", None, "Bob Ray"],
        "tel": [2127365000, None, 1, 2],
    }
)


def gather(frame: pl.DataFrame, **options: int) -> scan.Hits:
    hits = scan.Hits(**options)
    scan.classify([frame], ALL, hits=hits)
    return hits


def test_the_best_parent_column_is_told_with_its_share() -> None:
    traces = scan.trace(gather(CHILD), [PARENT], ALL)
    assert [(t.column, t.entity, t.parent_column, t.share, t.compared) for t in traces] == [
        ("contact", "EMAIL_ADDRESS", "mail", 0.75, 4),
        ("full_name", "PERSON", "who", 2 / 3, 3),
        ("memo", "CREDIT_CARD", "pan", 1.0, 1),
        ("memo", "PHONE_NUMBER", "tel", 1.0, 1),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_neither_order_nor_split_changes_a_trace(seed: int) -> None:
    rows = list(range(PARENT.height))
    random.Random(seed).shuffle(rows)
    parts = [PARENT[[row]] for row in rows]
    assert scan.trace(gather(CHILD), parts, ALL) == scan.trace(gather(CHILD), [PARENT], ALL)


def test_gathering_changes_no_answer() -> None:
    hits = scan.Hits()
    assert scan.classify([CHILD, PARENT], ALL, hits=hits) == scan.classify([CHILD, PARENT], ALL)


def test_no_parent_holds_nothing() -> None:
    assert scan.trace(gather(CHILD), [], ALL) == ()
    assert scan.trace(gather(CHILD), [pl.DataFrame({"a": ["x"]})], ALL) == ()
    assert scan.trace(scan.Hits(), [PARENT], ALL) == ()


def test_a_parents_header_that_holds_data_is_never_shown() -> None:
    parent = PARENT.select("mail").rename({"mail": "123-45-6789"})
    traces = scan.trace(gather(CHILD.select("contact")), [parent], ALL)
    assert [trace.parent_column for trace in traces] == ["column[1]"]


def test_the_limit_keeps_a_sample_that_does_not_depend_on_order() -> None:
    many = pl.DataFrame({"e": [f"user{number}@example.com" for number in range(1_000)]})
    hits = scan.Hits(limit=50)
    scan.classify([many], ALL, hits=hits)
    once = hits.known()
    scan.classify([many.reverse()], ALL, hits=hits)
    assert hits.known() == once
    (trace,) = scan.trace(hits, [many.head(500)], ALL)
    assert trace.compared == 50
    assert 0.2 < trace.share < 0.8


def test_keys_are_random_and_digests_stay_where_they_are() -> None:
    one, two = gather(CHILD), gather(CHILD)
    assert one.known().keys() == two.known().keys()
    assert not any(one.known()[pair] & two.known()[pair] for pair in one.known())
    assert repr(one) == "Hits(4 columns and entities, 9 digests)"
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="stay in the memory"):
            leave(one)
