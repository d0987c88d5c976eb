"""Cells have the same text if, and only if, they are the same value."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.scan.exact import exact_text

PLAIN = settings(max_examples=40, deadline=None)
# What could be mistaken for the marks between parts of nested values.
TEXT = st.none() | st.text('a1:[{}]",\n é', max_size=4) | st.sampled_from(["null", "4:null", "0:", "[", "{"])


def texts(cells: list[Any], dtype: Any = None) -> list[str | None]:
    return exact_text(pl.Series(cells, dtype=dtype, strict=dtype is None), "c").to_list()


def check(cells: list[Any], dtype: Any, key: Any = repr) -> None:
    """Texts are equal where keys are; one cell alone reads as among others."""
    read = texts(cells, dtype)
    pairs = {(key(cell), text) for cell, text in zip(cells, read, strict=True)}
    assert len(pairs) == len({before for before, _ in pairs}) == len({text for _, text in pairs})
    assert [texts([cell], dtype)[0] for cell in cells] == read
    assert [cell is None for cell in cells] == [text is None for text in read]


@PLAIN
@given(st.lists(st.none() | st.floats() | st.integers(-5, 5).map(float), max_size=20))
def test_floats(cells: list[float | None]) -> None:
    check(cells, pl.Float64, lambda cell: "nan" if cell is not None and math.isnan(cell) else cell)


@PLAIN
@given(st.lists(st.none() | st.datetimes(), max_size=20))
def test_moments(cells: list[datetime | None]) -> None:
    check(cells, pl.Datetime("us"))


@PLAIN
@given(st.lists(st.none() | st.times(), max_size=20))
def test_times(cells: list[time | None]) -> None:
    check(cells, pl.Time)


@PLAIN
@given(st.lists(st.none() | st.timedeltas(timedelta(-9999), timedelta(9999)), max_size=20))
def test_durations(cells: list[timedelta | None]) -> None:
    check(cells, pl.Duration("us"))


@PLAIN
@given(st.lists(st.none() | st.binary(max_size=4) | st.sampled_from([b"ff", b"\xff"]), max_size=20))
def test_bytes(cells: list[bytes | None]) -> None:
    check(cells, pl.Binary)


@PLAIN
@given(st.lists(TEXT, max_size=20))
def test_text(cells: list[str | None]) -> None:
    assert texts(cells, pl.String) == cells


@PLAIN
@given(st.lists(st.none() | st.lists(TEXT, max_size=3), max_size=20))
def test_lists(cells: list[list[str | None] | None]) -> None:
    check(cells, pl.List(pl.String))


@PLAIN
@given(st.lists(st.none() | st.lists(st.none() | st.lists(TEXT, max_size=2), max_size=2), max_size=20))
def test_lists_of_lists(cells: list[Any]) -> None:
    check(cells, pl.List(pl.List(pl.String)))


@PLAIN
@given(st.lists(st.none() | st.lists(TEXT, min_size=2, max_size=2), max_size=20))
def test_arrays(cells: list[Any]) -> None:
    check(cells, pl.Array(pl.String, 2))


@PLAIN
@given(
    st.lists(st.none() | st.fixed_dictionaries({"b": TEXT, "a": st.none() | st.lists(TEXT, max_size=2)}), max_size=20)
)
def test_structs(cells: list[Any]) -> None:
    check(cells, pl.Struct({"b": pl.String, "a": pl.List(pl.String)}), lambda cell: cell and repr(sorted(cell.items())))


SAME: list[tuple[str, list[tuple[list[Any], Any]]]] = [
    ("whole numbers", [([7], pl.Int8), ([7], pl.UInt64), ([7], pl.Int128), ([7.0], pl.Float64), ([7.0], pl.Float32),
                       ([Decimal("7.00")], pl.Decimal(9, 2)), ([Decimal(7)], pl.Decimal(9, 0)), (["7"], pl.String)]),
    ("hundreds", [([700], pl.Int16), ([Decimal("700.0")], pl.Decimal(9, 1)), ([Decimal(700)], pl.Decimal(9, 0))]),
    ("fractions", [([2.5], pl.Float64), ([2.5], pl.Float32), ([Decimal("2.50")], pl.Decimal(9, 2)), (["2.5"], pl.String)]),
    ("zero", [([0], pl.Int64), ([-0.0], pl.Float64), ([0.0], pl.Float64)]),
    ("largest", [([2**64 - 1], pl.UInt64), ([2**64 - 1], pl.Int128), ([str(2**64 - 1)], pl.String)]),
    ("text", [(["é"], pl.String), (["é"], pl.Categorical), (["é"], pl.Enum(["é"])), (["é".encode()], pl.Binary)]),
    ("truth", [([True], pl.Boolean), (["true"], pl.String)]),
    ("nothing", [([None], pl.Null), ([None], pl.String), ([None], pl.Int8), ([None], pl.List(pl.Int8))]),
    ("moments", [([datetime(2026, 1, 2, 3, 4, 0)], pl.Datetime(unit)) for unit in ("ms", "us", "ns")]
     + [(["2026-01-02 03:04:00"], pl.String)]),
    ("fractions of a second", [([datetime(2026, 1, 2, 3, 4, 10, 500_000)], pl.Datetime(unit)) for unit in ("ms", "us", "ns")]),
    ("zones", [([datetime(2026, 1, 2, 3, 4, tzinfo=UTC)], pl.Datetime("us", zone)) for zone in ("UTC", "Asia/Tokyo")]),
    ("spans", [([timedelta(seconds=3)], pl.Duration(unit)) for unit in ("ms", "us", "ns")]),
    ("days", [([date(2026, 1, 2)], pl.Date), (["2026-01-02"], pl.String)]),
    ("lists", [([["7", None]], pl.List(pl.String)), ([[7, None]], pl.List(pl.Int8)), ([[7.0, None]], pl.Array(pl.Float64, 2))]),
    ("fields", [([{"a": 1, "b": "x"}], pl.Struct({"a": pl.Int8, "b": pl.String})),
                ([{"b": "x", "a": 1.0}], pl.Struct({"b": pl.String, "a": pl.Float64})),
                ([{"b": "x", "a": 1, "c": None}], pl.Struct({"b": pl.String, "a": pl.Int64, "c": pl.Null}))]),
]  # fmt: skip


@pytest.mark.parametrize("columns", [columns for _, columns in SAME], ids=[name for name, _ in SAME])
def test_the_type_of_a_batch_makes_no_difference(columns: list[tuple[list[Any], Any]]) -> None:
    assert len({exact_text(pl.Series(cells, dtype=dtype), "c")[0] for cells, dtype in columns}) == 1


def test_what_looks_alike_is_not_the_same() -> None:
    cells = ["é", "e\u0301", "K", "\u212a", "a", "а", "a ", "a\u200b", "A", "1", "１", "01", "+1", "1.0", "1,0", ""]
    assert texts(cells) == cells


def test_nothing_is_lost_at_the_edges() -> None:
    moments = [time(1, 2, 3), time(1, 2, 3, 1), time(1, 2, 3, 500), time(1, 2, 3, 1000)]
    check(moments, pl.Time)
    check([datetime.combine(date(2026, 1, 2), moment) for moment in moments], pl.Datetime("ns"))
    check([2.0**63, -(2.0**63), 2.0**63 - 1024, 2.0**53, 2.0**53 - 1, 1e300, 5e-324, 0.1, 0.1 + 2**-56], pl.Float64)


def test_an_empty_list_is_no_empty_text() -> None:
    assert len({*texts([[]], pl.List(pl.String)), *texts([{}], pl.Struct([])), *texts([""], pl.String)}) == 3


def test_nested_and_null_are_told_apart() -> None:
    kind = pl.Struct({"a": pl.String})
    assert len(set(texts([None, {"a": None}, {"a": ""}, {"a": "null"}], kind))) == 4
    assert len(set(texts([None, [], [None], [""], ["null"]], pl.List(pl.String)))) == 5


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series([object()], dtype=pl.Object),
        pl.Series([2**31 - 1], dtype=pl.Int32).cast(pl.Date),
        pl.Series([2**63 - 1], dtype=pl.Int64).cast(pl.Datetime("us")),
        pl.Series([[2**62]], dtype=pl.List(pl.Int64)).cast(pl.List(pl.Datetime("ms", "UTC"))),
    ],
    ids=["object", "far day", "far moment", "far moment in a list"],
)
def test_what_has_no_text_is_an_error(cells: pl.Series) -> None:
    with pytest.raises(SourceError, match="column c: cells of type") as caught:
        exact_text(cells, "c")
    assert caught.value.code == "UNREADABLE"
    assert caught.value.__suppress_context__
