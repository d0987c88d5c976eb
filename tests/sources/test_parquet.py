"""What is particular to Parquet and Arrow: pieces, encodings, and bytes that nobody has vouched for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.formats import batching
from airflow_mlsecops.sources.formats.arrow import to_polars
from tests.sources._clients import cells, opened


def bytes_as_text(cells: list[bytes | None]) -> pa.Array:
    return pa.array(cells, pa.binary()).view(pa.string())


def test_a_batch_is_in_one_piece_however_the_file_is_cut(tmp_path: Path) -> None:
    """Every later step over a column pays for each of its pieces."""
    table = pa.table({"id": range(300_000), "note": [f"note {place}" for place in range(300_000)]})
    for size in (700, 1_000_000):
        pq.write_table(table, tmp_path / "a.parquet", row_group_size=size)
        batches = list(opened(tmp_path / "a.parquet").batches())
        assert {column.n_chunks() for batch in batches for column in batch} == {1}
        assert all(batch.height <= batching.BATCH_ROWS for batch in batches)
        assert len(batches) <= 4
        assert pl.concat(batches).equals(pl.DataFrame(table.to_pydict()))


@pytest.mark.parametrize(
    ("given", "kept", "lost"),
    [
        # one letter in two cells: the bytes of the column are UTF-8, the cells are not
        ([b"\xc3", b"\xa9"], ["\\xc3", "\\xa9"], 2),
        ([b"x" * 40 + b"\xc3", b"\xa9" + b"y" * 40], ["x" * 40 + "\\xc3", "\\xa9" + "y" * 40], 2),
        ([b"a surrogate \xed\xa0\x80", None], ["a surrogate \\xed\\xa0\\x80", None], 1),
        ([b"caf\xc3\xa9", b"", None], ["café", "", None], 0),
    ],
)
@pytest.mark.parametrize("kind", ["text", "dictionary", "view"])
def test_text_is_looked_at_byte_by_byte(
    given: list[bytes | None], kept: list[str | None], lost: int, kind: str, tmp_path: Path
) -> None:
    array = bytes_as_text(given)
    if kind == "dictionary":
        words = [cell for cell in given if cell is not None]
        places = pa.array([None if cell is None else words.index(cell) for cell in given], pa.int32())
        array = pa.DictionaryArray.from_arrays(places, bytes_as_text(words))  # type: ignore[arg-type]
    elif kind == "view":
        array = array.cast(pa.binary()).cast(pa.binary_view()).view(pa.string_view())
    pq.write_table(pa.table({"a": array}), tmp_path / "a.parquet")
    source = opened(tmp_path)
    assert [row["a"] for row in cells(source)] == kept
    assert sum(skipped.rows or 0 for skipped in source.skipped) == lost


def test_nested_text_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    array = pa.StructArray.from_arrays([bytes_as_text([b"\xff"])], names=["x"])
    pq.write_table(pa.table({"a": array}), tmp_path / "a.parquet")
    with pytest.raises(SourceError) as caught:
        list(opened(tmp_path).batches())
    assert caught.value.code == "NOT_TEXT"


def offsets(*places: int) -> pa.Buffer:
    return pa.array(places, pa.int32()).buffers()[1]


BROKEN = [
    pa.Array.from_buffers(pa.string(), 2, [None, offsets(0, 4, 2), pa.py_buffer(b"abcd")]),
    pa.DictionaryArray.from_arrays(pa.array([0, 7], pa.int32()), pa.array(["a"]), safe=False),
    pa.DictionaryArray.from_arrays(
        pa.array([0, 1], pa.int32()),
        pa.Array.from_buffers(pa.string(), 2, [None, offsets(0, 4, 2), pa.py_buffer(b"abcd")]),
        safe=False,
    ),
]


@pytest.mark.parametrize("array", BROKEN, ids=range(len(BROKEN)))
def test_arrow_data_that_leads_outside_itself_never_reaches_native_code(array: pa.Array) -> None:
    with pytest.raises((SourceError, pa.ArrowException, IndexError)):
        to_polars(pa.table({"a": array}), Counter())


@pytest.mark.parametrize("kind", ["text", "dictionary"])
def test_long_cells_that_repeat_come_a_few_at_a_time(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They take a few bytes in the file, and their whole length each in memory."""
    monkeypatch.setattr(batching, "_BATCH_BYTES", 1 << 20)
    words = pa.array(["prompt " * 200] * 50_000)
    pq.write_table(pa.table({"a": words if kind == "text" else words.dictionary_encode()}), tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 20_000
    batches = [batch.estimated_size() for batch in opened(tmp_path).batches()]
    assert max(batches) < 4 << 20
    assert len(batches) == 25


def test_a_type_that_polars_lacks_becomes_text_in_every_piece(tmp_path: Path) -> None:
    array = pa.array([10**40 + place for place in range(5_000)], pa.decimal256(50, 0))
    pq.write_table(pa.table({"a": array}), tmp_path / "a.parquet")
    assert [row["a"] for row in cells(opened(tmp_path))] == [str(10**40 + place) for place in range(5_000)]


def test_a_column_too_large_for_one_arrow_array_is_one_piece_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_mlsecops.sources.formats.arrow._COMBINED", 0)
    frame = to_polars(pa.table({"a": pa.chunked_array([["x"], ["y", None]])}), Counter())
    assert (frame["a"].to_list(), frame["a"].n_chunks()) == (["x", "y", None], 1)
