"""What holds for every transformation, of cells of every type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.sanitize import Means, PseudonymKey, Transformation, all_transformations
from airflow_mlsecops.sanitize._cells import exact
from tests.sanitize.cells import KEY, MEANS, made

PARAMETERS = {
    "constant": '{"value": "x"}',
    "date_period": '{"to": "month"}',
    "mask": '{"keep_last": 4}',
    "number_bin": '{"width": 10}',
    "synthetic": '{"kind": "email"}',
}
NAMES = list(all_transformations())
# What leaves nothing of a cell but that it is equal to another one.
OPAQUE = ("constant", "drop", "null", "pseudonymise", "synthetic")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TEXT = ANY_TEXT | st.sampled_from(
    [
        "4111 1111 1111 1111",
        "ann@example.com",
        "12345",
        "02139",
        "1987-08-05",
        "52.5, 13.3",
        "37",
        "👩‍👩‍👧 字 é ß ﬃ",
        "0042",
        "",
        " ",
        "\0",
    ]
)
CELLS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "String": (pl.String, TEXT),
    "Int8": (pl.Int8, st.integers(-128, 127)),
    "Int64": (pl.Int64, st.integers(-(2**63), 2**63 - 1)),
    "UInt64": (pl.UInt64, st.integers(0, 2**64 - 1)),
    "Int128": (pl.Int128, st.integers(-(2**127), 2**127 - 1)),
    "Float32": (pl.Float32, st.floats(width=32)),
    "Float64": (pl.Float64, st.floats()),
    "Decimal": (pl.Decimal(38, 2), st.decimals(-(10**20), 10**20, places=2).map(Decimal)),
    "Boolean": (pl.Boolean, st.booleans()),
    "Date": (pl.Date, st.dates()),
    "Datetime": (pl.Datetime("us"), st.datetimes()),
    "zoned": (pl.Datetime("ms", "Europe/Berlin"), st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))),
    "Time": (pl.Time, st.times()),
    "Duration": (pl.Duration("us"), st.timedeltas(dt.timedelta(-(10**6)), dt.timedelta(10**6))),
    "Binary": (pl.Binary, st.binary(max_size=20) | TEXT.map(str.encode)),
    "Categorical": (pl.Categorical, TEXT.filter(bool)),
    "Null": (pl.Null, st.none()),
    "Object": (pl.Object, st.just({"ann@example.com"})),
}  # fmt: skip


def transformation(name: str) -> Transformation:
    return made(name, PARAMETERS.get(name, ""))


def cells(kind: str, values: list[Any]) -> pl.Series:
    return pl.Series("cells", values, dtype=CELLS[kind][0], strict=False)


@pytest.mark.parametrize("kind", CELLS)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_as_many_cells_come_out_and_null_stays_null(kind: str, data: st.DataObject) -> None:
    before = cells(kind, data.draw(st.lists(st.none() | CELLS[kind][1], max_size=8)))
    for name in NAMES:
        after = transformation(name).apply(before, MEANS)
        assert (len(after), after.name) == (len(before), "cells")
        assert after.filter(before.is_null()).null_count() == before.null_count()
        shape = transformation(name).shape()
        assert shape is None or exact(after).drop_nulls().str.contains(shape).all()


@pytest.mark.parametrize("kind", CELLS)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_no_value_is_let_through(kind: str, data: st.DataObject) -> None:
    before = cells(kind, data.draw(st.lists(CELLS[kind][1], min_size=1, max_size=8)))
    originals = set(exact(before).drop_nulls().to_list())
    for name in OPAQUE:
        assert not originals - {"x"} & set(exact(transformation(name).apply(before, MEANS)).drop_nulls().to_list())


# What is a letter is another thing in another year of Unicode.
SETTLED = st.text(st.characters(max_codepoint=0x2FF) | st.sampled_from("字😀é👧"), max_size=20)


@given(st.lists(SETTLED | st.text("0123456789 -", min_size=6, max_size=20), min_size=1, max_size=10), st.integers(0, 4))
@settings(max_examples=50, deadline=None)
def test_a_mask_shows_at_most_what_it_may(values: list[str], keep_last: int) -> None:
    masked = made("mask", f'{{"keep_last": {keep_last}}}').apply(pl.Series(values), MEANS).to_list()
    for value, shown in zip(values, masked, strict=True):
        letters = [letter for letter in value if letter.isalnum()]
        left = shown.replace("*", "")
        assert len(shown) == 4 + keep_last
        assert left == "" or (len(letters) >= 2 * keep_last and left == "".join(letters[len(letters) - keep_last :]))


@given(st.lists(st.none() | TEXT, max_size=12), st.integers(0, 12))
@settings(max_examples=25, deadline=None)
def test_what_a_cell_becomes_does_not_depend_on_its_batch(values: list[str | None], cut: int) -> None:
    together = pl.Series("cells", values, dtype=pl.String)
    for name in NAMES:
        one = transformation(name).apply(together, MEANS)
        parts = [transformation(name).apply(part, MEANS) for part in (together[:cut], together[cut:])]
        assert one.equals(pl.concat(parts), null_equal=True), name


@given(st.lists(TEXT, min_size=2, max_size=20))
@settings(max_examples=50, deadline=None)
def test_pseudonyms_are_equal_if_and_only_if_values_are(values: list[str]) -> None:
    pseudonyms = transformation("pseudonymise").apply(pl.Series(values), MEANS).to_list()
    for one, of_one in zip(values, pseudonyms, strict=True):
        for two, of_two in zip(values, pseudonyms, strict=True):
            assert (one == two) == (of_one == of_two)


def test_no_pseudonym_holds_a_number_that_a_scan_could_take_for_one() -> None:
    pseudonyms = transformation("pseudonymise").apply(pl.int_range(5_000, eager=True), MEANS)
    assert not pseudonyms.str.contains("[0-9]{10}").any()
    assert pseudonyms.n_unique() == 5_000


def test_a_date_beyond_the_year_9999_has_no_period() -> None:
    late = pl.Series([3_000_000], dtype=pl.Int32).cast(pl.Date)
    assert transformation("date_period").apply(late, MEANS).to_list() == [None]


@given(
    st.lists(st.integers(0, 9), max_size=15),
    st.lists(st.integers(0, 9), max_size=15),
    st.sampled_from(["Int64", "Float64", "String", "Decimal"]),
    st.sampled_from(["Int16", "Float32", "Categorical", "Binary"]),
)
@settings(max_examples=25, deadline=None)
def test_tables_join_as_they_did_whatever_types_they_have(
    ours: list[int], theirs: list[int], one: str, two: str
) -> None:
    types = {"Decimal": pl.Decimal(10, 2)}

    def column(values: list[int], kind: str) -> pl.Series:
        text = pl.Series("key", map(str, values), dtype=pl.String)
        return text.cast(types.get(kind) or getattr(pl, kind))

    def pairs(left: pl.Series, right: pl.Series) -> list[tuple[int, int]]:
        frames = (pl.DataFrame({"key": key}).with_row_index(name) for key, name in ((left, "left"), (right, "right")))
        return sorted(next(frames).join(next(frames), on="key").select("left", "right").rows())

    before = pairs(pl.Series(ours, dtype=pl.Int64), pl.Series(theirs, dtype=pl.Int64))
    after = pairs(*(transformation("pseudonymise").apply(column(*one), MEANS) for one in ((ours, one), (theirs, two))))
    assert before == after


@given(ANY_TEXT)
@settings(max_examples=25, deadline=None)
def test_another_key_tells_nothing_of_the_first(value: str) -> None:
    cell, other = pl.Series([value]), Means(PseudonymKey(b"another key, of 32 bytes, for it"))
    for name in ("pseudonymise", "synthetic"):
        assert transformation(name).apply(cell, MEANS).to_list() != transformation(name).apply(cell, other).to_list()


@pytest.mark.parametrize("kind", ["name", "email", "username", "phone", "address", "company", "text"])
def test_what_is_made_up_is_none_of_what_it_replaces(kind: str) -> None:
    """Even where that was made up by the same key."""
    made_up = made("synthetic", f'{{"kind": "{kind}"}}')
    first = made_up.apply(pl.Series(["ann", "bob", "carol"]), MEANS)
    originals = pl.concat([pl.Series(["ann", "bob", "carol"]), first])
    again = made_up.apply(originals, MEANS)
    assert not set(originals.to_list()) & set(again.to_list())
    assert again.null_count() == 0
    assert again.n_unique() == len(originals)


def test_what_cannot_be_made_up_anew_becomes_null() -> None:
    """There are 63,000 such numbers: where all of them are replaced, none is left."""
    areas = [str(code) for code in range(200, 1_000) if code % 100 != 11 and code // 10 % 10 != 9]
    every = pl.Series([f"+1-{area}-555-01{line:02}" for area in areas for line in range(100)])
    assert made("synthetic", '{"kind": "phone"}').apply(every, MEANS).null_count() == len(every)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "redact"])
def test_cells_of_a_hundred_thousand_characters_are_cells_like_others(name: str) -> None:
    long = pl.Series("cells", ["7" * 100_000, "é字😀 " * 25_000, "a@" * 50_000, None])
    after = transformation(name).apply(long, MEANS)
    assert after.null_count() >= 1
    assert all(cell is None or len(str(cell)) < 100 for cell in after.to_list())


def test_no_repr_shows_a_secret() -> None:
    assert "a key for tests" not in f"{MEANS!r} {KEY!r}"
