"""The promises that the nouns keep."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from airflow_mlsecops.core import fingerprint as prints
from airflow_mlsecops.core.classification import EMPTY, Classification, Column, How, Sighting, Skipped
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import matches, selects
from airflow_mlsecops.core.record import canonical, chain_hash, record_id
from airflow_mlsecops.core.verdict import Gate
from airflow_mlsecops.core.words import printable, render, share
from tests.core.make import ENTITIES, found, record, verdict

NAMES = st.sampled_from(["a", "b", "c"])
SIGHTINGS = st.builds(
    Sighting, column=NAMES, entity=st.sampled_from(list(ENTITIES)), rows=st.integers(0, 9), how=st.sampled_from(How)
)
PARTS = st.builds(
    Classification,
    columns=st.lists(st.builds(Column, name=NAMES, type=st.just("String"), rows=st.integers(0, 9)), max_size=3).map(
        tuple
    ),
    sightings=st.lists(SIGHTINGS, max_size=4).map(tuple),
    rows_scanned=st.integers(0, 99),
    rows_present=st.one_of(st.none(), st.integers(0, 99)),
    skipped=st.lists(st.builds(Skipped, code=st.just("X_Y"), detail=NAMES), max_size=2).map(tuple),
    fingerprint=st.builds(prints.Fingerprint, parts=st.frozensets(NAMES), weak=st.booleans()),
    ruleset=st.just("r"),
)


@given(PARTS, PARTS, PARTS)
def test_classifications_are_a_commutative_monoid(a: Classification, b: Classification, c: Classification) -> None:
    assert a.merge(b).merge(c) == a.merge(b.merge(c))
    assert a.merge(b) == b.merge(a)
    assert EMPTY.merge(a).merge(b) == a.merge(b)


def test_classifications_of_two_rulesets_do_not_merge() -> None:
    with pytest.raises(ValueError, match="different rulesets"):
        found().merge(found(ruleset="s" * 64))


@pytest.mark.parametrize(
    ("changes", "complete"),
    [
        ({}, True),
        ({"rows_present": None}, True),
        ({"rows_present": 1001}, False),
        ({"rows_scanned": 0, "rows_present": 0}, False),
        ({"columns": ()}, False),
        ({"skipped": (Skipped(code="X_Y", detail="z"),)}, False),
    ],
)
def test_complete(changes: dict[str, Any], complete: bool) -> None:
    assert found(**changes).complete is complete


def test_levels_are_ordered_by_rank_not_by_alphabet() -> None:
    shuffled = list(Level)
    random.Random(1).shuffle(shuffled)
    assert sorted(shuffled) == [Level.PUBLIC, Level.INTERNAL, Level.CONFIDENTIAL, Level.RESTRICTED]
    assert max(shuffled) is Level.RESTRICTED
    assert Level.CONFIDENTIAL >= Level.INTERNAL
    assert not Level.PUBLIC > Level.PUBLIC


def test_errors_of_models_do_not_repeat_their_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Column(name="x", type="String", rows="canary-7351")  # type: ignore[arg-type]
    assert "canary-7351" not in str(caught.value)


PLACES = [
    ("/data/x.parquet", "file", "", "/data/x.parquet"),
    ("file:///data/x.parquet", "file", "", "/data/x.parquet"),
    ("s3://aws_default@bucket/prefix", "s3", "aws_default", "bucket/prefix"),
    ("s3://bucket/user@host/x", "s3", "", "bucket/user@host/x"),
    ("sql://crm_db/public.customers", "sql", "crm_db", "public.customers"),
    ("xcom://build_features", "xcom", "", "build_features"),
]


@pytest.mark.parametrize(("uri", "scheme", "connection", "path"), PLACES)
def test_dataset_strings(uri: str, scheme: str, connection: str, path: str) -> None:
    read = parse(uri)
    assert (read.scheme, read.connection, read.path) == (scheme, connection, path)


@pytest.mark.parametrize(
    "uri",
    ["", "data/x.csv", "file://data/x.csv", "s3:///x", "sql://crm", "sql:///t", "xcom://", "xcom://a/b",
     "file:///data/{{ ds }}/x", "file:///{% if x %}", "s3://key:secret@bucket/x", "s3://b//x",
     "s3://b/x/../y", "s3://b/./x", "s3://b/x//", "s3://b/x ", "s3://b/x?versionId=1"],
)  # fmt: skip
def test_dataset_strings_that_are_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="dataset") as caught:
        parse(uri)
    assert "secret" not in str(caught.value)


GLOBS = [
    ("**/raw/**", "file:///a/b/raw/x.parquet", True),
    ("file:///a/*/x", "file:///a/b/x", True),
    ("file:///a/*/x", "file:///a/b/c/x", False),
    ("s3://bucket/raw*", "s3://bucket/raw-2", True),
    ("s3://bucket/raw", "s3://bucket/raw/evil", False),
    ("file:///a.b", "file:///aXb", False),
    ("**", "anything\nat all", True),
    ("**/raw/**", "file:///a/raw", True),
    ("**/raw/**", "file:///a/rawish", False),
    ("s3://bucket/**", "s3://bucket", True),
    ("s3://bucket/**", "s3://bucket-2/x", False),
    ("**", "", True),
]


@pytest.mark.parametrize(("pattern", "identity", "hit"), GLOBS)
def test_globs(pattern: str, identity: str, hit: bool) -> None:
    assert matches(pattern, identity) is hit


@pytest.mark.parametrize(
    ("selector", "hit"),
    [("EMAIL_ADDRESS", True), ("EMAIL", False), ("tag:GDPR", True), ("tag:HIPAA", False), ("role:direct identifier", True),
     ("role:secret", False), ("level:confidential", False)],
)  # fmt: skip
def test_selectors(selector: str, hit: bool) -> None:
    assert selects(selector, ENTITIES["EMAIL_ADDRESS"]) is hit


def test_parts_are_framed_and_keyed() -> None:
    assert prints.part(b"k", "ab", 1, "c") != prints.part(b"k", "a", 1, "bc")
    assert prints.part(b"k", "ab", 1, "c") != prints.part(b"l", "ab", 1, "c")
    one, two = prints.fingerprint(["a"]), prints.fingerprint(["b"], weak=True)
    assert one.merge(two) == two.merge(one)
    assert one.merge(two).weak
    assert one.root != one.merge(two).root


def test_every_field_of_an_entry_is_in_its_hash() -> None:
    payload = canonical(record())
    base = chain_hash(1, "0" * 64, "k", payload)
    others = {
        chain_hash(2, "0" * 64, "k", payload), chain_hash(1, "1" * 64, "k", payload),
        chain_hash(1, "0" * 64, "l", payload), chain_hash(1, "0" * 64, "k", payload + b" "),
    }  # fmt: skip
    assert base not in others
    assert len(others) == 4


def test_record_ids_are_version_7_and_sort_by_time() -> None:
    early = record_id(datetime(2026, 1, 1, tzinfo=UTC), b"\xff" * 10)
    late = record_id(datetime(2026, 1, 2, tzinfo=UTC), b"\x00" * 10)
    assert early < late
    assert early[12] == "7"
    assert early[16] in "89ab"
    with pytest.raises(ValueError, match="10 random bytes"):
        record_id(datetime(2026, 1, 1, tzinfo=UTC), b"")


@pytest.mark.parametrize(
    ("part", "said"),
    [(0, "0 %"), (1e-6, "0.0001 %"), (0.00098, "0.098 %"), (0.0123, "1.23 %"), (0.97, "97 %"), (1, "100 %")],
)
def test_shares(part: float, said: str) -> None:
    assert share(part) == said


def test_names_cannot_forge_a_log_line() -> None:
    hostile = "x\nPASS  everything\x1b[2J\u202e"
    text = render(verdict(dataset=hostile, gate=Gate.CLASSIFY), {})
    assert "\n" not in printable(hostile)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("\n") == 0
    assert len(printable("n" * 10_000)) == 301
