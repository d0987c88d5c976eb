"""What is written is read back."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.sources.targets.writers import parquet
from tests.sources.targets._frames import (
    CANARY,
    FRAME,
    KINDS,
    SCALARS,
    assert_value_free,
    columns,
    error_of,
    made,
    pieces,
    replaced,
    same,
    source_of,
    target_of,
    whole,
)

LIMITED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FILES = ["x.parquet", "x.csv", "x.csv.gz", "x.jsonl", "x.ndjson", "x.jsonl.gz"]
WITHOUT_NUL = {name: kind for name, kind in KINDS.items() if name != "text"}


@LIMITED
@given(frame=columns(), size=st.integers(1, 4))
def test_parquet_is_read_back_as_it_was(frame: pl.DataFrame, size: int, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / "x.parquet"), *pieces(frame, size))
    read = whole(source_of(tmp_path / "x.parquet"))
    assert read.columns == frame.columns
    for name, kind in frame.schema.items():
        if name in ("int128", "empty_struct"):
            assert all(same(*pair, kind) for pair in zip(read[name].to_list(), frame[name].to_list(), strict=True))
        else:
            assert read[name].to_list() == frame[name].to_list()
            expected = {"category": pl.String(), "enum": pl.String(), "categories": pl.List(pl.String)}
            assert read[name].dtype == expected.get(name, kind)


@LIMITED
@given(frame=columns(WITHOUT_NUL), size=st.integers(1, 4), name=st.sampled_from(["x.csv", "x.csv.gz"]))
def test_csv_is_read_back_as_text(frame: pl.DataFrame, size: int, name: str, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / name), *pieces(frame, size))
    assert_same_text(whole(source_of(tmp_path / name)), frame, empty=None)


@LIMITED
@given(frame=columns(), size=st.integers(1, 4), name=st.sampled_from(["x.jsonl", "x.ndjson.gz"]))
def test_json_lines_are_read_back_as_text(frame: pl.DataFrame, size: int, name: str, tmp_path: Path) -> None:
    if not frame.height:
        return
    replaced(target_of(tmp_path / name), *pieces(frame, size))
    read = whole(source_of(tmp_path / name))
    nested = [column for column, kind in frame.schema.items() if kind.is_nested()]
    assert_same_text(read.drop(nested), frame.drop(nested), empty="")
    unzipped = gzip.decompress if name.endswith("gz") else bytes
    lines = unzipped((tmp_path / name).read_bytes()).decode().removesuffix("\n").split("\n")
    for line, row in zip(map(json.loads, lines), frame.iter_rows(named=True), strict=True):
        for column in nested:
            text = None if line[column] is None else json.dumps(line[column])
            assert same(text, row[column], frame.schema[column])


def assert_same_text(read: pl.DataFrame, frame: pl.DataFrame, *, empty: str | None) -> None:
    assert read.columns == frame.columns
    assert set(read.dtypes) <= {pl.String}
    for name, kind in frame.schema.items():
        for text, cell in zip(read[name].to_list(), frame[name].to_list(), strict=True):
            assert same(text, empty if cell in ("", b"") else cell, kind), name


NUMBERS = {
    "float": [0.1, 1e300, -0.0, 5e-324, float("nan"), float("inf"), float("-inf")],
    "int": [0, -1, 2**63 - 1],
}


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl"])
def test_numbers_that_json_does_not_have_are_words(name: str, tmp_path: Path) -> None:
    numbers = NUMBERS["float"]
    replaced(target_of(tmp_path / name), pl.DataFrame({"a": numbers, "b": [[number] for number in numbers]}))
    read = whole(source_of(tmp_path / name))
    assert read["a"].to_list()[-3:] == ["NaN", "inf", "-inf"]
    assert [float(text) for text in read["a"].to_list()[:-3]] == numbers[:-3]
    assert read["b"].to_list()[-3:] == ['["NaN"]', '["inf"]', '["-inf"]']


def test_local_mean_time_keeps_its_seconds(tmp_path: Path) -> None:
    early = made("at", [datetime(1850, 1, 1)], pl.Datetime("us", "Europe/Rome"))
    replaced(target_of(tmp_path / "x.csv"), early.to_frame())
    assert whole(source_of(tmp_path / "x.csv"))["at"].to_list() == ["1850-01-01T00:49:56+00:49:56"]


# --- what stands in a file and is in no row


def test_categories_that_no_row_says_are_not_written(tmp_path: Path) -> None:
    both = pl.DataFrame({"a": [CANARY, "x"]})
    kinds = [pl.Categorical, pl.Enum([CANARY, "x"]), pl.List(pl.Categorical), pl.List(pl.Enum([CANARY, "x"]))]
    for number, kind in enumerate(kinds):
        column = pl.col("a").implode().over("a") if isinstance(kind, pl.List) else pl.col("a")
        frame = both.with_columns(column.cast(kind)).tail(1)
        path = tmp_path / f"{number}.parquet"
        replaced(target_of(path), frame)
        assert whole(source_of(path)).height == 1
        table = pq.read_table(path)
        assert CANARY.encode() not in path.read_bytes() + str(table.schema.metadata).encode()
        assert CANARY not in str(table.to_pydict())


def test_cells_that_became_null_are_not_written(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [CANARY], "b": [{"c": CANARY}], "d": [[CANARY]]})
    hidden = frame.with_columns(pl.when(pl.lit(False)).then(pl.all()).otherwise(None))
    for name in FILES:
        replaced(target_of(tmp_path / name), hidden)
        content = (tmp_path / name).read_bytes()
        assert CANARY.encode() not in (gzip.decompress(content) if name.endswith("gz") else content)


# --- what a format cannot hold

FINE = pl.DataFrame({"a": [{"at": [1_001]}]}).cast(pl.Struct({"at": pl.List(pl.Datetime("ns"))}))
TOO_MUCH: list[tuple[str, pl.DataFrame, str]] = [
    ("x.csv", pl.DataFrame({"a": ["x", f"{CANARY}\0"]}), "TARGET_CANNOT_HOLD"),
    ("x.csv", pl.DataFrame({"a": [[f"{CANARY}"], ["x"]], "b\0": ["x", "y"]}), "TARGET_CANNOT_HOLD"),
    ("x.csv", pl.DataFrame({"a;b;c": [CANARY], "d": ["x;y;z"]}), "TARGET_CANNOT_HOLD"),
    ("x.jsonl", pl.DataFrame({"a": []}, schema={"a": pl.String}), "TARGET_CANNOT_HOLD"),
    *[(name, FINE, "TARGET_CANNOT_HOLD") for name in ("x.csv", "x.jsonl")],
    ("x.parquet", pl.DataFrame(), "NO_COLUMNS"),
    ("x.csv", pl.DataFrame(), "NO_COLUMNS"),
]


@pytest.mark.parametrize(("name", "frame", "code"), TOO_MUCH, ids=range(len(TOO_MUCH)))
def test_what_a_format_cannot_hold_is_refused(name: str, frame: pl.DataFrame, code: str, tmp_path: Path) -> None:
    error = error_of(target_of(tmp_path / name), frame)
    assert error.code == code
    assert_value_free(error)
    assert list(tmp_path.iterdir()) == []


HEADERS = [
    ["a", "b"],
    ["ORCHARD", "x"],
    ["PAR1", "%PDF"],
    ["\ufeffa", "b"],
    ['q"uote', "line\nfeed", "comma,"],
    ["a;b", "c", "d"],
    ["a"],
    ["x" * 300, " "],
    ["a\r", "b\t"],
    ["a|b"],
]


@pytest.mark.parametrize("names", HEADERS, ids=range(len(HEADERS)))
@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "x.jsonl"])
def test_names_of_columns_are_read_back(names: list[str], name: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({column: ["x;y|z", "é", None] for column in names})
    replaced(target_of(tmp_path / name), frame)
    assert whole(source_of(tmp_path / name)).equals(frame)


@pytest.mark.parametrize("name", FILES[:3])
def test_no_rows_still_bring_their_columns(name: str, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / name), FRAME.clear())
    read = whole(source_of(tmp_path / name))
    assert (read.height, read.columns) == (0, FRAME.columns)


@pytest.mark.parametrize("name", FILES)
def test_the_same_rows_are_the_same_bytes(name: str, tmp_path: Path) -> None:
    contents: list[bytes] = []
    for _ in range(2):
        replaced(target_of(tmp_path / name), FRAME)
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


# --- bounded memory and files of bounded size


def test_row_groups_are_bounded_and_small_frames_put_together(tmp_path: Path) -> None:
    many = pl.DataFrame({"a": range(300_000)})
    replaced(target_of(tmp_path / "x.parquet"), *many.iter_slices(7_000))
    metadata = pq.ParquetFile(tmp_path / "x.parquet").metadata
    groups = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    assert sum(groups) == 300_000
    assert max(groups) <= 262_144
    assert len(groups) <= 4
    assert metadata.row_group(0).column(0).compression == "ZSTD"


def test_wide_cells_make_row_groups_of_fewer_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_GROUP_BYTES", 100_000)
    replaced(target_of(tmp_path / "x.parquet"), *[pl.DataFrame({"a": ["x" * 1_000] * 60})] * 10)
    assert pq.ParquetFile(tmp_path / "x.parquet").metadata.num_row_groups == 5


def test_kinds_are_complete() -> None:
    """Every type that polars has is tried above, or is one that no source yields."""
    tried = {type(kind() if isinstance(kind, type) else kind).__name__ for kind, _ in KINDS.values()}
    every = {kind.__name__ for kind in all_types(pl.DataType)}
    alike = {"Int16", "Int32", "UInt8", "UInt16", "UInt32", "UInt128", "Float16"}
    beyond = {"Object", "Unknown", "Extension", "BaseExtension", "String", "Utf8"}
    assert {name for name in every if name[0].isupper()} - tried - alike - beyond <= ABSTRACT
    assert len(SCALARS) > 15


ABSTRACT = {
    "NumericType", "IntegerType", "SignedIntegerType", "UnsignedIntegerType", "FloatType", "TemporalType", "NestedType",
    "ObjectType", "DataType",
}  # fmt: skip


def all_types(kind: Any) -> set[Any]:
    return {kind} | {deeper for below in kind.__subclasses__() for deeper in all_types(below)}
