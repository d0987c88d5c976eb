"""What every type of column is read as."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest

from airflow_mlsecops.scan.text import text_of, within_calendar

READ = [
    ("text", pl.Series(["a", None, ""]), ["a", None, ""]),
    ("integer", pl.Series([4111111111111111, None, -1]), ["4111111111111111", None, "-1"]),
    ("unsigned", pl.Series([2**64 - 1], dtype=pl.UInt64), ["18446744073709551615"]),
    ("big integer", pl.Series([2**100], dtype=pl.Int128), [str(2**100)]),
    (
        "float",
        pl.Series([4111111111111111.0, 1.5, None, float("nan"), float("inf")]),
        ["4111111111111111", "1.5", None, "NaN", "inf"],
    ),
    ("huge float", pl.Series([1e300]), ["1e+300"]),
    ("decimal", pl.Series([Decimal("123.00"), Decimal("1.50"), None]), ["123", "1.50", None]),
    ("decimal without scale", pl.Series([Decimal(100)], dtype=pl.Decimal(20, 0)), ["100"]),
    ("truth", pl.Series([True, None]), ["1", None]),
    ("date", pl.Series([date(1980, 3, 12), None]), ["1980-03-12", None]),
    ("moment", pl.Series([datetime(1980, 3, 12, 1, 2)]), ["1980-03-12 01:02:00.000000"]),
    ("time", pl.Series([time(1, 2, 3)]), ["01:02:03"]),
    ("duration", pl.Series([timedelta(seconds=1)]), ["1000000"]),
    ("category", pl.Series(["a", None], dtype=pl.Categorical), ["a", None]),
    ("enum", pl.Series(["a"], dtype=pl.Enum(["a"])), ["a"]),
    ("nothing", pl.Series([None, None]), [None, None]),
    ("bytes", pl.Series([b"ab", None]), ["ab", None]),
    ("bytes that are no text", pl.Series([b"ab", b"\xff", None]), ["ab", None, None]),
    ("list", pl.Series([["a", "b"], [], None, [None]]), ["a\nb", "", None, ""]),
    ("nested list", pl.Series([[["a"], ["b", "c"]]]), ["a\nb\nc"]),
    ("array", pl.Series([[1, 2]], dtype=pl.Array(pl.Int64, 2)), ["1\n2"]),
    ("struct", pl.Series([{"x": 1, "y": None}, None]), ["x: 1\ny: ", None]),
    ("struct in list", pl.Series([[{"x": "a"}, {"x": "b"}]]), ["x: a\nx: b"]),
    ("list in struct", pl.Series([{"x": ["a", "b"]}]), ["x: a\nb"]),
    ("unreadable leaf", pl.Series([{"x": b"\xff", "y": b"ok"}, {"x": b"a", "y": b"b"}]), [None, "x: a\ny: b"]),
    ("unreadable item", pl.Series([[b"\xff", b"ok"], [b"a"]]), [None, "a"]),
    ("full width", pl.Series(["４１１"]), ["411"]),
    ("Arabic-Indic", pl.Series(["٤١١"]), ["411"]),
    ("invisible", pl.Series(["4\u200b1\u00ad1"]), ["411"]),
    ("ignorable", pl.Series(["4\u034f1\ufe0f1\u31641\u180e1\ufff91\U000e00201"]), ["4111111"]),
    ("marks on digits", pl.Series(["4\ufe0f\u20e31\u0301e\u0301"]), ["41é"]),
    ("UTF-16 in bytes", pl.Series(["a@b.co".encode("utf-16-le")]), ["a@b.co"]),
    ("dashes", pl.Series(["1\u20112\u20133\u22124"]), ["1-2-3-4"]),
    ("no-break space", pl.Series(["1\u00a02"]), ["1 2"]),
    ("accents stay", pl.Series(["é"]), ["é"]),
]


@pytest.mark.parametrize(("column", "expected"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_cells_are_read_as_text(column: pl.Series, expected: list[str | None]) -> None:
    text = text_of(column)
    assert text is not None
    assert text.to_list() == expected
    assert text_of(column.head(0)).to_list() == []


def test_python_objects_cannot_be_read() -> None:
    assert text_of(pl.Series([object()], dtype=pl.Object)) is None


BEYOND = [
    pl.Series([2**31 - 1, 5, -(2**31), None], dtype=pl.Int32).cast(pl.Date),
    pl.Series([2**62, 5 * 86_400_000, -(2**62), None]).cast(pl.Datetime("ms")),
    pl.Series([2**63 - 1, 5 * 86_400_000_000, -(2**63), None]).cast(pl.Datetime("us", "Europe/Berlin")),
]


@pytest.mark.parametrize("column", BEYOND, ids=["date", "moment", "zoned"])
def test_moments_beyond_every_calendar_cannot_be_read(column: pl.Series) -> None:
    """Those that can be are read, whatever stands beside them."""
    read = text_of(column)
    assert read is not None
    assert [None if one is None else one[:10] for one in read.to_list()] == [None, "1970-01-06", None, None]
    assert not within_calendar(column)


@pytest.mark.parametrize(
    "column",
    [
        pl.Series([260_000 * 365, -260_000 * 365], dtype=pl.Int32).cast(pl.Date),
        pl.Series([2**63 - 1, -(2**63), None]).cast(pl.Datetime("ns")),
        pl.Series([0, 86_399_999_999_999]).cast(pl.Time),
        pl.Series([], dtype=pl.Datetime("us")),
    ],
    ids=["dates", "nanoseconds", "times", "none"],
)
def test_every_moment_within_the_calendar_is_read(column: pl.Series) -> None:
    read = text_of(column)
    assert within_calendar(column)
    assert read is not None
    assert read.is_not_null().to_list() == column.is_not_null().to_list()


def test_a_list_of_a_moment_beyond_every_calendar_cannot_be_read() -> None:
    read = text_of(pl.Series([[2**62]]).cast(pl.List(pl.Datetime("ms"))))
    assert read is not None
    assert read.to_list() == [None]


def test_the_callers_column_is_left_alone() -> None:
    frame = pl.DataFrame({"a": ["４", "x"]})
    text_of(frame["a"])
    assert frame["a"].to_list() == ["４", "x"]
