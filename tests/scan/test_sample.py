"""Which values are sampled depends on the values alone, and the rows of each are counted exactly."""

from __future__ import annotations

import copy
import pickle
import random
from collections import Counter
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.scan.sample import SIZE, Sample


def sample(*parts: pl.Series, size: int = SIZE) -> Sample:
    drawn = Sample(size)
    for part in parts:
        drawn.add(part)
    return drawn


def state(drawn: Sample) -> tuple[object, ...]:
    return drawn.values(), drawn.distinct, drawn.complete


def cut(cells: list[object], cuts: list[int], dtype: pl.DataType) -> list[pl.Series]:
    bounds = [0, *sorted(min(one, len(cells)) for one in cuts), len(cells)]
    return [pl.Series(cells[start:end], dtype=dtype) for start, end in pairwise(bounds)]


@given(
    cells=st.lists(st.none() | st.integers(0, 60), max_size=200),
    cuts=st.lists(st.integers(0, 200), max_size=4),
    size=st.sampled_from([1, 8, 40, 64]),
    seed=st.integers(0, 10**6),
)
@example(cells=list(range(60)), cuts=[20, 40], size=8, seed=1)
@settings(max_examples=60, deadline=None)
def test_neither_order_nor_split_changes_it(cells: list[object], cuts: list[int], size: int, seed: int) -> None:
    shuffled = random.Random(seed).sample(cells, len(cells))
    for dtype in (pl.Int64(), pl.Float64()):
        whole = sample(*cut(cells, [], dtype), size=size)
        assert state(sample(*cut(shuffled, cuts, dtype), size=size)) == state(whole)
        merged = Sample(size)
        for part in cut(shuffled, cuts, dtype):
            merged.merge(sample(part, size=size))
        assert state(merged) == state(whole)


@given(cells=st.lists(st.none() | st.integers(0, 60), max_size=200), size=st.sampled_from([4, 32, 64]))
@settings(max_examples=60, deadline=None)
def test_rows_are_counted_exactly(cells: list[int | None], size: int) -> None:
    drawn = sample(pl.Series(cells, dtype=pl.Int64), size=size)
    rows = Counter(str(cell) for cell in cells if cell is not None)
    values = dict(drawn.values())
    assert len(values) == min(size, len(rows))
    assert all(rows[text] == count for text, count in values.items())
    if drawn.complete:
        assert values == rows
        assert drawn.distinct == len(rows)


@pytest.mark.parametrize("distinct", [SIZE - 1, SIZE, SIZE + 1, SIZE + 20, SIZE + 60, 2 * SIZE])
def test_nulls_push_no_value_out(distinct: int) -> None:
    """Null has a hash too: it stood for a value, in the first batch only."""
    cells = pl.Series([str(number) for number in range(distinct)])
    holed = pl.concat([cells, pl.Series([None], dtype=pl.String)])
    assert state(sample(holed)) == state(sample(cells))
    assert len(sample(holed).values()) == min(SIZE, distinct)


def test_weights_stand_for_rows() -> None:
    cells = ["a", "a", "b", None, "a"]
    weighed = Sample()
    weighed.add(pl.Series(["a", "b", None]), pl.Series([3, 1, 1], dtype=pl.UInt32))
    assert state(weighed) == state(sample(pl.Series(cells)))
    assert dict(weighed.values()) == {"a": 3, "b": 1}


@pytest.mark.parametrize("distinct", [5_000, 60_000])
def test_distinct_values_are_estimated_above_its_size(distinct: int) -> None:
    drawn = sample(pl.Series([f"value {number}" for number in range(distinct)]))
    assert not drawn.complete
    assert 0.88 * distinct < drawn.distinct < 1.12 * distinct


def test_it_is_uniform() -> None:
    """Of numbers in order, about as many are from the first half as from the second."""
    values = [int(text) for text, _ in sample(pl.Series(range(50_000))).values()]
    assert 430 < sum(value < 25_000 for value in values) < 595


def test_long_cells_are_cut_and_still_told_apart() -> None:
    values = sample(pl.Series(["x" * 5_000 + end for end in "ab"])).values()
    assert [len(text) for text, _ in values] == [2_000, 2_000]


def test_values_stay_in_the_memory_of_the_task() -> None:
    drawn = sample(pl.Series(["ann@example.com"]))
    assert repr(drawn) == "Sample(1 values)"
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="stays in the memory"):
            leave(drawn)
