"""A sample is uniform, is the same for the same data whatever its batches, and no writer of data can foresee it."""

from __future__ import annotations

from math import log

import numpy as np
import polars as pl
import pytest

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.sampling import Sample, Sampling
from airflow_mlsecops.scan.uniform import positions, sampled

SIZES = [
    # max_undetected, confidence, rows
    (0.0001, 0.99, 46_050), (0.01, 0.95, 299), (0.001, 0.99, 4_603), (0.5, 0.5, 1), (1e-6, 0.99, 4_605_168),
]  # fmt: skip


@pytest.mark.parametrize(("share", "confidence", "rows"), SIZES)
def test_sizes(share: float, confidence: float, rows: int) -> None:
    leave = Sampling(full_scan_up_to=1, max_undetected=share, confidence=confidence)
    assert leave.rows == rows
    assert rows * log(1 - share) <= log(1 - confidence) < (rows - 1) * log(1 - share) + 1e-9


LEAVE = Sampling(full_scan_up_to=1_000, max_undetected=0.01, confidence=0.95)


@pytest.mark.parametrize(("present", "drawn"), [(None, None), (10, None), (598, None), (1_000, None), (1_001, 299)])
def test_when_a_sample_is_drawn(present: int | None, drawn: int | None) -> None:
    sample = LEAVE.sample(present)
    assert (sample.rows if sample else None) == drawn


def test_half_of_the_rows_is_no_sample() -> None:
    few = LEAVE.model_copy(update={"full_scan_up_to": 1})
    assert few.sample(598) is None
    assert few.sample(599) is not None


def drawn(of: int, rows: int, seed: str = "root") -> Sample:
    return Sample(rows=rows, of=of, max_undetected=0.01, confidence=0.95)


def test_positions_are_distinct_sorted_and_there() -> None:
    places = positions("root", drawn(1_000, 300))
    assert len(places) == 300
    assert (np.diff(places) > 0).all()
    assert places[0] >= 0
    assert places[-1] < 1_000


def test_the_same_data_the_same_rows_and_other_data_others() -> None:
    sample = drawn(100_000, 300)
    assert (positions("root", sample) == positions("root", sample)).all()
    assert (positions("root", sample) != positions("toor", sample)).any()


def test_every_row_is_as_likely_as_another() -> None:
    hits = np.zeros(50)
    for seed in range(2_000):
        hits[positions(f"root {seed}", drawn(50, 10))] += 1
    # 400 each, give or take four standard deviations.
    assert (abs(hits - 400) < 4 * (2_000 * 0.2 * 0.8) ** 0.5).all()


def test_what_it_promises_holds() -> None:
    """Of a hundred samples hardly more than one in twenty misses what one row in a hundred holds."""
    held = np.arange(0, 20_000, 100)
    missed = sum(not np.isin(positions(f"root {seed}", drawn(20_000, 299)), held).any() for seed in range(400))
    assert missed <= 400 * 0.05 + 4 * (400 * 0.05 * 0.95) ** 0.5


@pytest.mark.parametrize("height", [1, 7, 100, 999, 1_000])
def test_batches_do_not_matter(height: int) -> None:
    frame = pl.DataFrame({"row": range(1_000), "text": [f"r{row}" for row in range(1_000)]})
    batches = [frame[start : start + height] for start in range(0, 1_000, height)]
    sample = drawn(1_000, 100)
    places = positions("root", sample)
    parts = list(sampled(batches, places, sample))
    assert len(parts) == len(batches)
    assert all(part.schema == frame.schema for part in parts)
    assert pl.concat(parts).equals(frame[places])


@pytest.mark.parametrize("there", [999, 1_001])
def test_rows_that_came_or_went_are_noticed(there: int) -> None:
    sample = drawn(1_000, 100)
    with pytest.raises(SourceError, match=f"got {there:,} rows, expected the 1,000") as caught:
        list(sampled([pl.DataFrame({"row": range(there)})], positions("root", sample), sample))
    assert caught.value.code == "TRUNCATED"
