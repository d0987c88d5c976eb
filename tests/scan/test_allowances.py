"""What is allowed is no sighting, is counted row by row, and hides nothing that stands beside it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.allow import value_id
from airflow_mlsecops.core.classification import Classification
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.detectors import all_detectors, ruleset
from airflow_mlsecops.policy.keyed import keyed
from airflow_mlsecops.scan import examine
from airflow_mlsecops.scan.allowances import allowances

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
TODAY = date(2026, 11, 25)
LAKE = "file:///lake/features/churn"
DETECTORS = tuple(
    one for one in all_detectors() if one.entity.name in ("EMAIL_ADDRESS", "CREDIT_CARD", "PERSON", "US_SSN")
)
TEST_CARD, CARD = "4111 1111 1111 1111", "4539578763621486"
HELP, ANN = "help@example.com", "ann.sand@posteo.de"


def one_value(value: str, entity: str, key: bytes = KEY) -> str:
    ids = keyed(value, entity, DETECTORS, key)
    assert ids
    return ids[0]


def scan(rows: Any, *rules: dict[str, Any], key: bytes | None = KEY, batches: int = 1) -> Classification:
    policy = Policy(stages={}, environments={}, allow=[{"reason": "test", **rule} for rule in rules])
    allowed = allowances(policy, LAKE, TODAY, key)
    frame = pl.DataFrame(rows)
    height = max(1, -(-frame.height // batches))
    cut = [frame[start : start + height] for start in range(0, frame.height, height)]
    return allowed.apply(*examine(cut, allowed.detectors(DETECTORS)))


def seen(found: Classification) -> list[tuple[str, str, int]]:
    return [(one.column, one.entity, one.rows) for one in found.sightings]


def let_through(found: Classification) -> list[tuple[str, str, int, int]]:
    return [(one.column, one.entity, one.rows, one.rule) for one in found.allowed]


CARDS = {"note": [f"paid with {TEST_CARD}", f"paid with {CARD}", f"{CARD} or {TEST_CARD}", "cash", TEST_CARD]}


def test_an_allowed_value_is_counted_and_does_not_hide_another_in_its_row() -> None:
    found = scan(CARDS, {"entity": "CREDIT_CARD", "values": [one_value(TEST_CARD, "CREDIT_CARD")]})
    assert seen(found) == [("note", "CREDIT_CARD", 2)]
    assert let_through(found) == [("note", "CREDIT_CARD", 2, 0)]


def test_any_spelling_of_it_is_allowed() -> None:
    found = scan({"note": ["4111-1111-1111-1111", "4111111111111111"]}, {"entity": "CREDIT_CARD", "values": [one_value(TEST_CARD, "CREDIT_CARD")]})  # fmt: skip
    assert seen(found) == []
    assert let_through(found) == [("note", "CREDIT_CARD", 2, 0)]


NOTHING_ALLOWED: list[tuple[str, dict[str, Any], bytes | None]] = [
    ("keyed with another secret", {"values": [one_value(TEST_CARD, "CREDIT_CARD", OTHER_KEY)]}, KEY),
    ("no secret there", {"values": [one_value(TEST_CARD, "CREDIT_CARD")]}, None),
    ("another value", {"values": [one_value("5555 5555 5555 4444", "CREDIT_CARD")]}, KEY),
    ("another entity", {"entity": "US_SSN", "values": [value_id(KEY, "US_SSN", "4111111111111111")]}, KEY),
    ("another dataset", {"values": [one_value(TEST_CARD, "CREDIT_CARD")], "dataset": "**/raw/**"}, KEY),
    ("another column", {"values": [one_value(TEST_CARD, "CREDIT_CARD")], "column": "card"}, KEY),
    ("ended yesterday", {"values": [one_value(TEST_CARD, "CREDIT_CARD")], "until": date(2026, 11, 24)}, KEY),
    ("a pattern of a part", {"pattern": "4111"}, KEY),
    ("another whole column", {"column": "card"}, KEY),
]


@pytest.mark.parametrize(("rule", "key"), [row[1:] for row in NOTHING_ALLOWED], ids=[row[0] for row in NOTHING_ALLOWED])
def test_fails_closed(rule: dict[str, Any], key: bytes | None) -> None:
    found = scan(CARDS, {"entity": "CREDIT_CARD", **rule}, key=key)
    assert seen(found) == [("note", "CREDIT_CARD", 4)]
    assert let_through(found) == []


def test_until_its_last_day() -> None:
    rule = {"entity": "CREDIT_CARD", "values": [one_value(TEST_CARD, "CREDIT_CARD")], "until": TODAY}
    assert seen(scan(CARDS, rule)) == [("note", "CREDIT_CARD", 2)]


def test_patterns_match_what_stands_there() -> None:
    rows = {"x": [f"write to {HELP}", ANN, f"{ANN}, {HELP}", "info@example.com"]}
    found = scan(rows, {"entity": "EMAIL_ADDRESS", "pattern": r"[a-z]+@example\.com"})
    assert seen(found) == [("x", "EMAIL_ADDRESS", 2)]
    assert let_through(found) == [("x", "EMAIL_ADDRESS", 2, 0)]


def test_any_entity() -> None:
    found = scan({"x": [HELP, TEST_CARD]}, {"entity": "*", "pattern": r".*@example\.com"})
    assert seen(found) == [("x", "CREDIT_CARD", 1)]


def test_one_column_alone() -> None:
    rows = {"support": [HELP, ANN], "other": [HELP, ANN]}
    found = scan(rows, {"entity": "EMAIL_ADDRESS", "values": [one_value(HELP, "EMAIL_ADDRESS")], "column": "support"})
    assert seen(found) == [("other", "EMAIL_ADDRESS", 2), ("support", "EMAIL_ADDRESS", 1)]
    assert let_through(found) == [("support", "EMAIL_ADDRESS", 1, 0)]


@pytest.mark.parametrize("column", ["email", "x"])
def test_one_column_alone_counts_the_others_as_ever(column: str) -> None:
    rows = {column: [HELP] * 60 + [ANN] * 30 + ["none", "unreachable"]}
    plain = scan(rows)
    rule = {"entity": "EMAIL_ADDRESS", "values": [one_value(HELP, "EMAIL_ADDRESS")], "column": "elsewhere"}
    assert seen(scan(rows, rule)) == seen(plain)


def test_a_column_that_its_name_gives_away() -> None:
    rule = {"entity": "EMAIL_ADDRESS", "values": [one_value(HELP, "EMAIL_ADDRESS")]}
    found = scan({"email": [HELP] * 5}, rule)
    assert seen(found) == []
    assert let_through(found) == [("email", "EMAIL_ADDRESS", 5, 0)]
    assert [row[:2] for row in seen(scan({"email": [HELP] * 5 + [ANN]}, rule))] == [("email", "EMAIL_ADDRESS")]


def test_a_whole_column() -> None:
    found = scan({"contact_email": [HELP, ANN], "b": [ANN, None]}, {"entity": "EMAIL_ADDRESS", "column": "contact_*"})
    assert seen(found) == [("b", "EMAIL_ADDRESS", 1)]
    assert let_through(found) == [("contact_email", "EMAIL_ADDRESS", 2, 0)]


TESTERS = ["Maria Schmidt", "Peter Johnson", "Anna Miller"]


def test_test_persons_are_allowed_and_make_no_real_one_unlikely() -> None:
    rule = {"entity": "PERSON", "values": [one_value(name, "PERSON") for name in TESTERS]}
    assert seen(scan({"full_name": TESTERS * 9})) == [("full_name", "PERSON", 27)]
    found = scan({"full_name": TESTERS * 9}, rule)
    assert seen(found) == []
    assert let_through(found) == [("full_name", "PERSON", 27, 0)]
    assert [row[:2] for row in seen(scan({"full_name": [*TESTERS * 9, "Thomas Becker"]}, rule))] == [
        ("full_name", "PERSON")
    ]


def test_what_anyone_may_allow_comes_before_what_one_column_may() -> None:
    value = one_value(HELP, "EMAIL_ADDRESS")
    rules = (
        {"entity": "EMAIL_ADDRESS", "values": [value], "column": "a"},
        {"entity": "EMAIL_ADDRESS", "values": [value]},
    )
    found = scan({"a": [HELP], "b": [HELP]}, *rules)
    assert seen(found) == []
    assert let_through(found) == [("a", "EMAIL_ADDRESS", 1, 1), ("b", "EMAIL_ADDRESS", 1, 1)]


POOL: Sequence[str | None] = (
    HELP,
    ANN,
    f"{HELP} {ANN}",
    TEST_CARD,
    CARD,
    f"{CARD} {TEST_CARD}",
    "nothing",
    None,
    "Anna Miller",
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(POOL), min_size=1, max_size=40), st.integers(0, 9))
def test_neither_order_nor_split_matters(cells: list[str | None], seed: int) -> None:
    rules = (
        {"entity": "EMAIL_ADDRESS", "values": [one_value(HELP, "EMAIL_ADDRESS")]},
        {"entity": "CREDIT_CARD", "pattern": "4111.*", "column": "note"},
    )
    mixed = random.Random(seed).sample(cells, len(cells))
    one = scan({"note": pl.Series(cells, dtype=pl.String)}, *rules)
    two = scan({"note": pl.Series(mixed, dtype=pl.String)}, *rules, batches=3)
    assert one == two
    plain = scan({"note": pl.Series(cells, dtype=pl.String)})
    assert {pair[:2] for pair in seen(plain)} == {pair[:2] for pair in (*seen(one), *let_through(one))}


def test_what_is_allowed_is_in_the_ruleset_and_the_key_is_not() -> None:
    def digest(key: bytes, *rules: dict[str, Any]) -> str:
        policy = Policy(stages={}, environments={}, allow=[{"reason": "test", **rule} for rule in rules])
        every = allowances(policy, LAKE, TODAY, key).detectors(DETECTORS)
        assert not any(repr(key) in repr(one) for one in every)
        assert not any(" at 0x" in repr(one.find) for one in every if one.find not in {d.find for d in DETECTORS})
        return ruleset(every)

    plain, ann = digest(KEY), digest(KEY, {"entity": "EMAIL_ADDRESS", "values": [one_value(ANN, "EMAIL_ADDRESS")]})
    helped = digest(KEY, {"entity": "EMAIL_ADDRESS", "values": [one_value(HELP, "EMAIL_ADDRESS")]})
    assert len({plain, ann, helped}) == 3
