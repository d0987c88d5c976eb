"""Objects in cells are read as all that they hold, or not at all."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from enum import Enum
from ipaddress import ip_network
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.cells import digest, text

MAIL = "ann@example.com"
# So many that each library shows their beginning and end only.
MANY = ["x"] * 3_000 + [MAIL] + ["x"] * 3_000
HOLDERS: list[Any] = [
    pd.Series,
    pd.Index,
    lambda cells: pd.DataFrame({"a": cells}),
    pl.Series,
    lambda cells: pl.DataFrame({"a": cells}),
    pa.array,
    lambda cells: pa.table({"a": cells}),
    np.array,
    lambda cells: np.ma.array(cells),
    deque,
    lambda cells: dict.fromkeys(range(len(cells)), "") | dict(enumerate(cells)),
    lambda cells: [pd.Series(cells)],
    lambda cells: {"k": pl.Series(cells)},
]


@pytest.mark.parametrize("hold", HOLDERS)
def test_what_shows_a_part_is_read_as_a_whole(hold: Any) -> None:
    assert MAIL in text(hold(MANY))
    before, after = (digest(b"key", ["c"], [[hold(cells)]]) for cells in (MANY, [*MANY[:3_000], "y", *MANY[3_001:]]))
    assert before != after


class Colour(Enum):
    RED = 1


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Decimal("1.50"), "1.50"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "1"),
        (PurePosixPath("/a/b"), "/a/b"),
        (ip_network("10.0.0.0/8"), "10.0.0.0/8"),
        (1 + 2j, "(1+2j)"),
        (pd.Timedelta(days=1), "1 days 00:00:00"),
    ],
)
def test_values_are_read_as_their_text(cell: object, expected: str) -> None:
    assert text(cell) == expected


@pytest.mark.parametrize("cell", [(number for number in range(3)), object(), zip("a", "b", strict=True)])
def test_what_cannot_be_looked_into_is_refused(cell: object) -> None:
    with pytest.raises(SourceError, match="cannot be looked into") as raised:
        text(cell)
    assert raised.value.code == "UNREADABLE"


TWICE = pa.Table.from_arrays([pa.array([MAIL]), pa.array(["y"])], names=["a", "a"])


@pytest.mark.parametrize(
    "cell",
    [
        pd.DataFrame([[MAIL, "y"]], columns=["a", "a"]),
        pd.Series([1], index=[MAIL]),
        pd.Series([1, 2], index=pd.MultiIndex.from_tuples([(MAIL, 1), (MAIL, 1)])),
        pd.DataFrame({MAIL: [1]}),
        TWICE,
        TWICE.to_batches()[0],
        pa.table({MAIL: [1]}),
        pl.DataFrame({MAIL: [1]}),
        Enum("Box", {"A": MAIL}).A,
    ],
)
def test_names_indices_and_what_is_there_twice_are_read(cell: Any) -> None:
    assert MAIL in text(cell)
