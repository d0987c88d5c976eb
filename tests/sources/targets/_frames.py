"""Frames of every type, and what is to be read back of them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import strategies as st

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import Source, Target, open_source, open_target
from tests.sources._clients import Clients

CANARY = "canary-4111111111111111"
FRAME = pl.DataFrame({"id": [1, 2, 3], "note": ["ann", "bob", None], "ok": [True, None, False]})
OTHER = pl.DataFrame({"id": [7], "note": ["eve"], "ok": [True]})

words = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    [
        'q"q',
        "a,b;c\td|e",
        "line\nfeed",
        "\r\n",
        "😀é",
        "\0",
        "\ufefffirst",
        "\\.",
        '"',
        " ",
        "NULL",
        "null",
        "\\N",
        "1e5",
    ]
)
plain = words.filter(lambda word: "\0" not in word)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))
SCALARS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "int8": (pl.Int8, st.integers(-(2**7), 2**7 - 1)),
    "int64": (pl.Int64, st.integers(-(2**63), 2**63 - 1)),
    "uint64": (pl.UInt64, st.integers(0, 2**64 - 1)),
    "int128": (pl.Int128, st.integers(-(2**127), 2**127 - 1)),
    "float32": (pl.Float32, st.floats(width=32, allow_nan=False)),
    "float64": (pl.Float64, st.floats(allow_nan=False)),
    "bool": (pl.Boolean, st.booleans()),
    "text": (pl.String, words),
    "category": (pl.Categorical, plain),
    "enum": (pl.Enum(["red", "green"]), st.sampled_from(["red", "green"])),
    "bytes": (pl.Binary, st.binary(max_size=6)),
    "date": (pl.Date, st.dates(date(1, 1, 1), date(9999, 12, 31))),
    "time": (pl.Time, st.times()),
    "moment": (pl.Datetime("us"), moments),
    "moment_ms": (pl.Datetime("ms"), moments.map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))),
    "moment_ns": (pl.Datetime("ns"), moments),
    "zoned": (pl.Datetime("us", "Europe/Rome"), moments),
    "duration": (pl.Duration("us"), st.timedeltas(timedelta(days=-(10**6)), timedelta(days=10**6))),
    "decimal": (pl.Decimal(20, 4), st.decimals(Decimal("-1e15"), Decimal("1e15"), places=4)),
    "nothing": (pl.Null, st.none()),
}
NESTED: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "list": (pl.List(pl.Int64), st.lists(st.none() | st.integers(-9, 9), max_size=3)),
    "texts": (pl.List(pl.String), st.lists(st.none() | plain, max_size=3)),
    "array": (pl.Array(pl.Int32, 2), st.lists(st.integers(-9, 9), min_size=2, max_size=2)),
    "struct": (
        pl.Struct({"a": pl.String, "b": pl.List(pl.Date)}),
        st.fixed_dictionaries({"a": st.none() | plain, "b": st.none() | st.lists(st.dates(), max_size=2)}),
    ),
    "categories": (pl.List(pl.Categorical), st.lists(plain, max_size=2)),
    "empty_struct": (pl.Struct([]), st.just({})),
}
if hasattr(pl, "Map"):  # polars 2
    NESTED["map"] = (pl.Map(pl.String, pl.Int64), st.dictionaries(plain, st.none() | st.integers(-9, 9), max_size=2))
KINDS = SCALARS | NESTED


def columns(
    kinds: dict[str, tuple[Any, st.SearchStrategy[Any]]] = KINDS, width: int = 4
) -> st.SearchStrategy[pl.DataFrame]:
    """Frames with a few columns of any of these kinds, nulls among their cells."""

    @st.composite
    def draw(draw: Any) -> pl.DataFrame:
        chosen = draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=width, unique=True))
        height = draw(st.integers(0, 6))
        series = []
        for name in chosen:
            kind, cells = kinds[name]
            values = draw(st.lists(st.none() | cells, min_size=height, max_size=height))
            series.append(made(name, values, kind))
        return pl.DataFrame(series)

    return draw()


def made(name: str, values: list[Any], kind: Any) -> pl.Series:
    if isinstance(kind, pl.Datetime) and kind.time_zone:
        return (
            pl.Series(name, values, pl.Datetime("us")).dt.replace_time_zone("UTC").dt.convert_time_zone(kind.time_zone)
        )
    return pl.Series(name, values, kind)


def target_of(uri: str | Path, partition: str = "", clients: Clients | None = None, **options: Any) -> Target:
    return open_target(parse(str(uri)), partition, clients or Clients(), **{"run": "r1", **options})


def source_of(uri: str | Path, partition: str = "", clients: Clients | None = None) -> Source:
    return open_source(parse(str(uri)), partition, clients or Clients())


def whole(source: Source) -> pl.DataFrame:
    return pl.concat(source.batches())


def replaced(target: Target, *frames: pl.DataFrame) -> None:
    """Write, look at what is staged, publish."""
    with target.staging() as staging:
        for frame in frames:
            staging.write(frame)
        staging.finish()
        assert sum(batch.height for batch in staging.source().batches()) == sum(frame.height for frame in frames)
        staging.publish()


def error_of(target: Target, *frames: pl.DataFrame) -> SourceError:
    """What writing and publishing these frames raises."""
    with pytest.raises(SourceError) as caught:
        replaced(target, *frames)
    return caught.value


def pieces(frame: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
    yield frame.clear()
    yield from frame.iter_slices(size)


def assert_value_free(error: SourceError) -> None:
    assert error.__cause__ is None
    assert error.__context__ is None
    for said in (str(error), repr(error), repr(error.args), repr(vars(error))):
        assert CANARY not in said


# --- the texts that cells become, told apart from how the code makes them


def as_said(cell: Any, kind: Any) -> str | None:
    """The text of a cell, in Python's own words."""
    if cell is None:
        return None
    if isinstance(kind, pl.Duration):
        return None  # compared apart
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return shorter(cell)
    if isinstance(cell, time):
        return shorter(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    if isinstance(cell, Decimal):
        return f"{cell:.4f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def shorter(moment: datetime | time) -> str:
    """ISO 8601 with as many threes of digits as there is to say."""
    text = moment.isoformat()
    return (
        text.replace("000+", "+").removesuffix("000") if moment.microsecond and moment.microsecond % 1000 == 0 else text
    )


def same(read: str | None, cell: Any, kind: Any) -> bool:
    """True if this text says that cell."""
    if cell is None or read is None:
        return read is cell
    if kind == pl.Float32:  # the shortest digits that mean this one among those of 32 bits
        return bool(pl.Series([float(read)], dtype=pl.Float32)[0] == cell)
    if isinstance(cell, float):
        return float(read) == cell or (math.isnan(cell) and read == "NaN")
    if isinstance(kind, pl.Duration):
        return read.startswith(("P", "-P"))
    if kind.is_nested():
        return bool(json.loads(read) == json.loads(json.dumps(cell, default=lambda part: as_said(part, pl.Date()))))
    return read == as_said(cell, kind)
