from __future__ import annotations

import datetime
import decimal
import uuid

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import Source
from airflow_mlsecops.sources.formats import batching
from tests.sources._clients import Clients, cells, opened

ROWS = [{"id": 1, "note": "ann"}, {"id": 2, "note": None}]
FRAMES = {
    "polars": pl.DataFrame(ROWS),
    "pandas": pd.DataFrame(ROWS),
    "pandas object": pd.DataFrame(ROWS, dtype=object),
    "pandas index": pd.DataFrame(ROWS).set_index("id"),
    "arrow": pa.Table.from_pylist(ROWS),
    "arrow batch": pa.RecordBatch.from_pylist(ROWS),
    "records": ROWS,
    "columns": {"id": [1, 2], "note": ["ann", None]},
    "tuples": {"id": (1, 2), "note": ("ann", None)},
}


def source_of(value: object) -> Source:
    return opened("xcom://build", clients=Clients(frames={"build": value}))


@pytest.mark.parametrize("value", FRAMES.values(), ids=FRAMES)
def test_every_kind_of_frame_is_read(value: object) -> None:
    source = source_of(value)
    assert [dict(sorted(row.items())) for row in cells(source)] == ROWS
    assert source.rows_present() == 2
    assert source.bytes_present() > 0
    assert source.identity == "xcom://dag/build"
    assert source.skipped == ()


NO_FRAMES = [
    (None, "NOT_FOUND", "returned nothing"),
    ("s3://bucket/key", "NOT_A_FRAME", "returned a str"),
    (3, "NOT_A_FRAME", "returned a int"),
    (["ann"], "NOT_A_FRAME", "returned a list"),
    ([{"a": 1}, "ann"], "NOT_A_FRAME", "returned a list"),
    ({"a": "ann"}, "NOT_A_FRAME", "returned a dict"),
    ({"a": [1], "b": [1, 2]}, "NOT_A_FRAME", "differ in length"),
    (pl.Series(["ann"]), "NOT_A_FRAME", "returned a Series"),
    (pd.Series(["ann"]), "NOT_A_FRAME", "returned a Series"),
    (pl.LazyFrame({"a": ["ann"]}), "NOT_A_FRAME", "returned a LazyFrame"),
    (np.array([["ann"]]), "NOT_A_FRAME", "returned a ndarray"),
    ([{"a": object()}], "UNREADABLE", "cells of type object"),
]


@pytest.mark.parametrize(("value", "code", "says"), NO_FRAMES, ids=range(len(NO_FRAMES)))
def test_what_is_no_frame_is_an_error(value: object, code: str, says: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(source_of(value).batches())
    assert caught.value.code == code
    assert says in str(caught.value)
    assert "ann" not in str(caught.value).split()
    assert caught.value.__context__ is None


def test_a_frame_has_no_partitions() -> None:
    with pytest.raises(SourceError) as caught:
        opened("xcom://build", "a=1", Clients(frames={"build": ROWS}))
    assert caught.value.code == "PARTITION_INVALID"


MIXED = [
    ([1, "ann", None], ["1", "ann", None]),
    ([1, 2**70], ["1", str(2**70)]),
    ([2**70, None], [str(2**70), None]),
    ([1, 2.5], ["1", "2.5"]),
    ([True, 1], ["true", "1"]),
    ([True, None], [True, None]),
    ([b"\xff", None], [b"\xff", None]),
    ([{"a": [1, "x"]}, ["y"]], ['{"a": [1, "x"]}', '["y"]']),
    ([{1: {2}, (3, 4): b"z"}], ['[["1", ["2"]], ["[3, 4]", "z"]]']),
    ([decimal.Decimal("1.10"), datetime.date(2026, 1, 2)], ["1.10", "2026-01-02"]),
    ([uuid.UUID(int=5)], ["00000000-0000-0000-0000-000000000005"]),
    ([np.int64(4), np.str_("x"), np.array([1, 2])], ["4", "x", "[1, 2]"]),
    (["\ud800x"], ["\ufffdx"]),
    ([bytearray(b"ab"), "c"], ["ab", "c"]),
]


@pytest.mark.parametrize(("given_cells", "kept"), MIXED, ids=range(len(MIXED)))
@pytest.mark.parametrize(
    "wrap", [lambda cells: {"a": cells}, lambda cells: pd.DataFrame({"a": pd.Series(cells, dtype=object)})]
)
def test_mixed_cells_are_kept_as_text(given_cells: list[object], kept: list[object], wrap) -> None:  # type: ignore[no-untyped-def]
    assert [row["a"] for row in cells(source_of(wrap(given_cells)))] == kept


def test_bytes_among_text_are_reported() -> None:
    source = source_of({"id": [1, 2], "a": ["x", b"\xff\xd8 4111"]})
    assert cells(source)[1]["a"] == "\\xff\\xd8 4111"
    (skipped,) = source.skipped
    assert (skipped.code, skipped.column, skipped.rows) == ("UNREADABLE_CELLS", "column[2]", 1)


def test_pandas_index_levels_and_odd_names_are_kept() -> None:
    frame = pd.DataFrame(
        {("a", 1): ["x"], "b": ["y"]}, index=pd.MultiIndex.from_tuples([("p", "q")], names=["b", None])
    )
    assert sorted(cells(source_of(frame))[0].values()) == ["p", "q", "x", "y"]  # type: ignore[type-var]


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["x", None], dtype="category"),
        pd.Series(pd.to_datetime(["2026-01-02", None])),
        pd.Series([1, None], dtype="Int64"),
        pd.Series([1.5, None]),
        pd.Series(["x", None], dtype="string"),
        pd.Series([pd.Timedelta(1), None]),
        pd.Series([pd.Period("2026-01"), None]),
    ],
)
def test_every_pandas_type_keeps_its_cells(column: pd.Series) -> None:
    first, second = (row["a"] for row in cells(source_of(pd.DataFrame({"a": column}))))
    assert first is not None
    assert second is None


def test_python_objects_inside_polars_are_looked_into() -> None:
    frame = pl.DataFrame({"a": pl.Series([{1, "x"}], dtype=pl.Object)})
    assert cells(source_of(frame)) == [{"a": '["1", "x"]'}]


def test_a_frame_without_rows_still_has_its_columns() -> None:
    (batch,) = source_of(pl.DataFrame(schema={"a": pl.String})).batches()
    assert batch.columns == ["a"]
    assert source_of([]).rows_present() == 0


def test_arrow_batches_with_and_without_bad_text_meet() -> None:
    bad = pa.array([b"\xff"], pa.binary()).view(pa.string())
    source = source_of(pa.table({"a": pa.chunked_array([pa.array(["x"]), bad])}))
    assert [row["a"] for row in cells(source)] == ["x", "\\xff"]
    assert source.skipped[0].rows == 1


def test_a_fingerprint_is_stable_and_changes_with_any_cell() -> None:
    base = source_of(ROWS).fingerprint(b"key")
    assert source_of([dict(row) for row in ROWS]).fingerprint(b"key") == base
    others = [
        [{"id": 1, "note": "ann"}, {"id": 2, "note": ""}],
        [{"id": "1", "note": "ann"}, {"id": "2", "note": None}],
        [{"id": 1, "notes": "ann"}, {"id": 2, "notes": None}],
        [*ROWS, ROWS[0]],
    ]
    prints = [source_of(other).fingerprint(b"key") for other in others] + [source_of(ROWS).fingerprint(b"else")]
    assert base not in prints


cell = (
    st.none() | st.integers() | st.text(max_size=5) | st.binary(max_size=5) | st.floats() | st.dates() | st.booleans()
)


@settings(max_examples=60, deadline=None)
@given(column=st.lists(cell, min_size=1, max_size=8), most=st.integers(1, 3))
def test_no_cell_is_dropped(column: list[object], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "BATCH_ROWS", most)
        batches = list(source_of({"a": column}).batches())
    kept = [cell for batch in batches for cell in batch["a"].to_list()]
    assert [cell is None for cell in kept] == [cell is None for cell in column]
    assert len({str(batch.schema) for batch in batches}) == 1


def test_bytes_that_read_alike_have_different_fingerprints() -> None:
    assert source_of({"a": [b"\xff"]}).fingerprint(b"key") != source_of({"a": [b"\\xff"]}).fingerprint(b"key")
