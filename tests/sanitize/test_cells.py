"""One reading of cells: texts are equal if and only if values are."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.sanitize._cells import by_value, exact, exact_bytes, numbers

MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 30))


def said(cells: pl.Series) -> list[str | None]:
    return exact(cells).to_list()


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (pl.Series([42], dtype=pl.Int8), "42"),
        (pl.Series([42], dtype=pl.UInt64), "42"),
        (pl.Series([2**100], dtype=pl.Int128), str(2**100)),
        (pl.Series([42.0]), "42"),
        (pl.Series([-0.0]), "0"),
        (pl.Series([1e20]), "100000000000000000000"),
        (pl.Series([1e300]), str(int(1e300))),
        (pl.Series([1e-7]), "0.0000001"),
        (pl.Series([0.1]), "0.1"),
        (pl.Series([0.5], dtype=pl.Float32), "0.5"),
        (pl.Series([math.nan]), "NaN"),
        (pl.Series([math.inf]), "inf"),
        (pl.Series([Decimal("42.00")]), "42"),
        (pl.Series([Decimal("-0.50")]), "-0.5"),
        (pl.Series([Decimal(100)]), "100"),
        (pl.Series([True]), "true"),
        (pl.Series([date(1987, 8, 5)]), "1987-08-05"),
        (pl.Series([datetime(1987, 8, 5, 1, 2, 3)]), "1987-08-05 01:02:03"),
        (pl.Series([datetime(1987, 8, 5, 1, 2, 3, 500_000)], dtype=pl.Datetime("ns")), "1987-08-05 01:02:03.5"),
        (pl.Series([datetime(1987, 8, 5, 1, 2, 3, tzinfo=UTC)]), "1987-08-05 01:02:03+00:00"),
        (pl.Series([time(1, 2, 3, 4)]), "01:02:03.000004"),
        (pl.Series([timedelta(days=1, microseconds=1)]), "P1DT0.000001S"),
        (pl.Series([b"caf\xc3\xa9"]), "café"),
        (pl.Series([b"\xff"]), None),
        (pl.Series(["ａ é e\u0301 "]), "ａ é e\u0301 "),
        (pl.Series(["red"], dtype=pl.Categorical), "red"),
        (pl.Series(["red"], dtype=pl.Enum(["red"])), "red"),
        (pl.Series([None], dtype=pl.Null), None),
        (pl.Series([object()], dtype=pl.Object), None),
        (pl.Series([10_000_000], dtype=pl.Int32).cast(pl.Date), "+29349-01-26"),
        (pl.Series([2**31 - 1], dtype=pl.Int32).cast(pl.Date), None),
    ],
    ids=lambda value: str(value.dtype) if isinstance(value, pl.Series) else None,
)
def test_cells_of_every_type_have_one_text(cells: pl.Series, text: str | None) -> None:
    assert said(cells) == [text]
    assert exact(cells).dtype == pl.String
    assert exact(cells.clear()).to_list() == []


@given(st.lists(st.floats(), min_size=2, max_size=20))
@example([0.0, -0.0, 1e16, 1e16 + 2, 9007199254740993.0])
@example([9.223372036854775807e18, 9.3e18, -9.3e18, 1e22, 1e23])
@settings(max_examples=50, deadline=None)
def test_texts_of_floats_are_equal_if_the_floats_are(values: list[float]) -> None:
    texts = said(pl.Series(values, dtype=pl.Float64))
    for one, text in zip(values, texts, strict=True):
        assert text is not None
        assert float(text) == one or math.isnan(one)
        assert "e" not in text.replace("NaN", "").replace("inf", "")
    assert len(set(texts)) == len({"nan" if math.isnan(value) else value for value in values})


@given(st.integers(-(2**63), 2**63 - 1))
@settings(max_examples=50, deadline=None)
def test_a_whole_number_is_one_value_in_every_type(number: int) -> None:
    texts = {*said(pl.Series([number])), *said(pl.Series([str(number)])), *said(pl.Series([Decimal(number)]))}
    if float(number) == number:
        texts |= set(said(pl.Series([float(number)])))
    assert texts == {str(number)}


@given(st.lists(MOMENTS, min_size=2, max_size=10, unique=True))
@settings(max_examples=30, deadline=None)
def test_a_moment_is_one_value_however_finely_it_is_counted(moments: list[datetime]) -> None:
    whole = [moment.replace(microsecond=moment.microsecond // 1000 * 1000) for moment in moments]
    fine, coarse = (said(pl.Series(whole, dtype=pl.Datetime(unit))) for unit in ("us", "ms"))
    assert fine == coarse
    assert len(set(fine)) == len(set(whole))


def test_a_moment_is_one_value_in_every_zone() -> None:
    here = pl.Series([datetime(1987, 8, 5, 12, tzinfo=timezone(timedelta(hours=2)))])
    there = here.dt.convert_time_zone("America/New_York")
    assert here.dtype != there.dtype
    assert said(here) == said(there)


@given(st.lists(st.binary(max_size=8) | st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace"))))
@settings(max_examples=50, deadline=None)
def test_bytes_are_what_they_are_and_text_where_they_can_be(values: list[bytes]) -> None:
    cells = pl.Series(values, dtype=pl.Binary)
    assert exact_bytes(cells).to_list() == values
    for value, text in zip(values, said(cells), strict=True):
        assert text is None or text.encode() == value


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.5", 1.5), (" -2 ", -2.0), ("+3", 3.0), (".5", 0.5), ("1e3", 1000.0), ("", None), ("1,5", None), ("1_000", None),
        ("0x10", None), ("inf", None), ("nan", None), ("１", None), ("1 2", None), ("1e999", None), ("9" * 41, None),
    ],
)  # fmt: skip
def test_texts_are_numbers_where_nothing_else_could_be_meant(cell: str, number: float | None) -> None:
    assert numbers(pl.Series([cell])).to_list() == [number]


@given(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=12))
@settings(max_examples=30, deadline=None)
def test_what_is_made_of_a_value_stands_wherever_it_does(values: list[str | None]) -> None:
    asked: list[str] = []

    def made(distinct: pl.Series) -> pl.Series:
        asked.extend(distinct.to_list())
        return distinct.str.to_uppercase()

    cells = pl.Series("x", values, dtype=pl.String)
    assert by_value(cells, made).to_list() == [value and value.upper() for value in values]
    assert by_value(cells, made).name == "x"
    assert sorted(asked[: len(asked) // 2]) == sorted({value for value in values if value})
