from __future__ import annotations

import gzip
import json
import os
import struct
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import LocalClients, Source, identity_of
from airflow_mlsecops.sources.formats import batching
from tests.sources._clients import Clients, cells, opened

CANARY = "canary-4111111111111111"
FRAME = pl.DataFrame({"id": [1, 2, 3], "note": ["ann", "bob", CANARY]})
LIMITED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def parquet_bytes(frame: pl.DataFrame = FRAME, **options: object) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(frame.to_arrow(), sink, **options)
    return sink.getvalue().to_pybytes()


def footer_claiming(columns: int) -> bytes:
    sink = pa.BufferOutputStream()
    schema = pa.schema([(f"c{place}", pa.int8()) for place in range(columns)])
    pq.ParquetWriter(sink, schema, write_statistics=False).close()
    return sink.getvalue().to_pybytes()


PARQUET = parquet_bytes()
CSV = f"id,note\n1,ann\n2,bob\n3,{CANARY}\n".encode()
JSONL = b'{"id": 1, "note": "ann"}\n{"id": 2, "note": "%s"}\n' % CANARY.encode()
READABLE = {
    "a.parquet": PARQUET,
    "A.PARQUET": PARQUET,
    "a.csv": CSV,
    "a.csv.gz": gzip.compress(CSV),
    "a.jsonl": JSONL,
    "a.ndjson": JSONL,
    "a.jsonl.gz": gzip.compress(JSONL),
}
# name, content, code, what the message must say
BROKEN = [
    ("a.parquet", b"", "EMPTY_FILE", "0 bytes"),
    ("a.csv", b"", "EMPTY_FILE", "0 bytes"),
    ("a.jsonl", b"", "EMPTY_FILE", "0 bytes"),
    ("a.txt", CSV, "UNKNOWN_FORMAT", "a.txt"),
    ("a.parquet.bak", PARQUET, "UNKNOWN_FORMAT", "a.parquet.bak"),
    ("csv", CSV, "UNKNOWN_FORMAT", "csv"),
    ("a.parquet", CSV, "WRONG_FORMAT", "looks like text"),
    ("a.parquet", b"\x1f\x8b" + PARQUET, "WRONG_FORMAT", "looks like gzip"),
    ("a.parquet", b"x", "WRONG_FORMAT", "looks like text"),
    ("a.csv", PARQUET, "WRONG_FORMAT", "looks like Parquet"),
    ("a.csv", gzip.compress(CSV), "WRONG_FORMAT", "looks like gzip"),
    ("a.csv.gz", CSV, "WRONG_FORMAT", "expected gzipped CSV"),
    ("a.csv", b"PK\x03\x04" + bytes(30), "WRONG_FORMAT", "zip archive"),
    ("a.jsonl", PARQUET, "WRONG_FORMAT", "looks like Parquet"),
    ("a.parquet", PARQUET[:-1], "TRUNCATED", "footer"),
    ("a.parquet", PARQUET[: len(PARQUET) // 2], "TRUNCATED", "footer"),
    ("a.parquet", b"PAR1", "TRUNCATED", "footer"),
    ("a.parquet", b"PAR1" + struct.pack("<I", 2**31) + b"PAR1", "TRUNCATED", "footer"),
    ("a.parquet", b"PAR1" + bytes(40) + struct.pack("<I", 40) + b"PAR1", "UNREADABLE", "a.parquet"),
    ("a.parquet", b"PARE" + PARQUET[4:-4] + b"PARE", "UNREADABLE", "encrypted"),
    ("a.parquet", PARQUET[:-4] + b"PARE", "UNREADABLE", "encrypted"),
    ("a.csv", CSV + b"4\n", "TRUNCATED", "line 5"),
    ("a.csv", CSV + b"4", "TRUNCATED", "line 5"),
    ("a.csv", CSV + b'4,"open', "TRUNCATED", "quote"),
    ("a.csv", CSV + b'4,"open\n5,x\n', "TRUNCATED", "quote"),
    ("a.csv.gz", gzip.compress(CSV)[:-9], "TRUNCATED", "a.csv.gz"),
    ("a.csv", CSV + b"4,x,y\n", "MALFORMED_LINE", "line 5 has 3 fields, expected 2"),
    ("a.csv", CSV + b"4\n5,x\n", "MALFORMED_LINE", "line 5 has 1 fields, expected 2"),
    ("a.csv", CSV + b'4,"x"y\n5,z\n', "MALFORMED_LINE", "line 5"),
    ("a.csv", b"\n" + CSV, "MALFORMED_LINE", "no header"),
    ("a.csv", CSV + b"4,\0\n", "NOT_TEXT", "NUL"),
    ("a.csv", CSV + b"4,M\xfcller\n", "NOT_TEXT", "UTF-8"),
    ("a.csv", "id,note\n".encode("utf-16"), "NOT_TEXT", "UTF-16"),
    ("a.csv", "id,note\n".encode("utf-32"), "NOT_TEXT", "UTF-32"),
    ("a.csv", "id,note\n".encode("utf-16-le"), "NOT_TEXT", "NUL"),
    ("a.csv.gz", gzip.compress("id,note\n".encode("utf-16")), "NOT_TEXT", "UTF-16"),
    ("a.csv", bytes(range(128, 256)), "NOT_TEXT", "UTF-8"),
    ("a.jsonl", JSONL + b"[1]\n", "MALFORMED_LINE", "line 3"),
    ("a.jsonl", JSONL + b"3\n", "MALFORMED_LINE", "line 3"),
    ("a.jsonl", JSONL + b'{"id": 1}{"id": 2}\n', "MALFORMED_LINE", "line 3"),
    ("a.jsonl", JSONL + b'{"id": \n', "MALFORMED_LINE", "line 3"),
    ("a.jsonl", JSONL + b'{"id": 1, "id": 2}\n', "MALFORMED_LINE", "distinct"),
    ("a.jsonl", JSONL + b'{"id": {"a": 1, "a": 2}}\n', "MALFORMED_LINE", "distinct"),
    ("a.jsonl", JSONL + b'{"a": ' + b"[" * 100_000 + b"\n", "MALFORMED_LINE", "line 3"),
    ("a.jsonl", JSONL + b'{"id": 3, "no', "TRUNCATED", "line 3"),
    ("a.jsonl", JSONL + b'{"id": 3\0}\n', "NOT_TEXT", "NUL"),
    ("a.jsonl", JSONL + b'{"id": "M\xfcller"}\n', "NOT_TEXT", "UTF-8"),
]


def error_of(source: Source) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(source.batches())
    return caught.value


@pytest.mark.parametrize("name", READABLE)
def test_a_file_is_read_to_its_last_cell(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(READABLE[name])
    rows = cells(opened(path))
    assert len(rows) >= 2
    assert rows[-1]["note"] == CANARY


@pytest.mark.parametrize(("name", "content", "code", "says"), BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("folder", [False, True])
def test_a_broken_file_is_an_error(
    name: str, content: bytes, code: str, says: str, folder: bool, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "b.csv").write_bytes(CSV)
    error = error_of(opened(tmp_path if folder else tmp_path / name))
    assert error.code == code
    assert says in str(error)
    assert name in str(error)


@pytest.mark.parametrize(("name", "content"), [(row[0], row[1]) for row in BROKEN], ids=range(len(BROKEN)))
def test_no_error_holds_a_value(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert_value_free(error_of(opened(tmp_path)))


def assert_value_free(error: BaseException) -> None:
    assert error.__cause__ is None
    assert error.__context__ is None
    for text in (str(error), repr(error), repr(error.args), repr(vars(error))):
        assert CANARY not in text


@LIMITED
@given(place=st.integers(0, 10_000), noise=st.binary(min_size=1, max_size=6), name=st.sampled_from(sorted(READABLE)))
def test_noise_in_a_file_never_reaches_an_error(place: int, noise: bytes, name: str, tmp_path: Path) -> None:
    content = READABLE[name]
    place %= len(content)
    (tmp_path / name).write_bytes(content[:place] + noise + content[place + len(noise) :])
    try:
        list(opened(tmp_path / name).batches())
    except SourceError as error:
        assert_value_free(error)


MARKERS = ["_SUCCESS", "_metadata", "_common_metadata", ".part-0.parquet.crc", ".DS_Store", ".gitkeep"]


def test_markers_are_no_data(tmp_path: Path) -> None:
    for name in MARKERS:
        (tmp_path / name).write_bytes(b"" if name in ("_SUCCESS", ".gitkeep") else b"x")
    with pytest.raises(SourceError) as caught:
        list(opened(tmp_path).batches())
    assert caught.value.code == "NO_FILES"
    (tmp_path / "a.csv").write_bytes(CSV)
    assert len(cells(opened(tmp_path))) == 3


@pytest.mark.parametrize("name", ["_SUCCESS", ".keep", "day/_SUCCESS"])
def test_a_marker_that_holds_something_is_no_marker(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"ada@example.com")
    with pytest.raises(SourceError) as caught:
        list(opened(tmp_path).batches())
    assert caught.value.code == "UNKNOWN_FORMAT"


@pytest.mark.parametrize(
    "name", [".hidden.csv", "_data.csv", "_SUCCESS.csv", "deep/er/a.csv", "_delta/a.csv", "x.crc.csv"]
)
def test_a_name_that_looks_unimportant_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(CSV)
    assert len(cells(opened(tmp_path))) == 3


@pytest.mark.parametrize("partition", ["", "mail=ada%40example.com"])
def test_what_folders_name_as_columns_is_looked_at(partition: str, tmp_path: Path) -> None:
    folder = tmp_path / "mail=ada%40example.com" / "mail=__HIVE_DEFAULT_PARTITION__" / "=x"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_bytes(CSV)
    (batch,) = opened(tmp_path, partition).batches()
    assert batch.columns[-2:] == ["mail", "mail (2)"]
    assert batch["mail"].to_list() == ["ada@example.com"] * batch.height
    assert batch["mail (2)"].null_count() == batch.height > 0


@pytest.mark.parametrize("name", ["_SUCCESS.txt", "notes", "_delta_log/0.json", "a.crc", ".env", "deep/model.pkl"])
def test_a_file_of_unknown_format_is_never_left_out(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(CSV)
    (tmp_path / "a.csv").write_bytes(CSV)
    error = error_of(opened(tmp_path))
    assert error.code == "UNKNOWN_FORMAT"
    assert name in str(error)


PLACES = [
    ("nowhere", "", "NOT_FOUND"),
    ("empty", "", "NO_FILES"),
    ("data", "2026-11-24/", "PARTITION_MISSING"),
    ("data", "2026", "PARTITION_MISSING"),
    ("data", "empty", "NO_FILES"),
    ("data", "..", "PARTITION_INVALID"),
    ("data", "../data/2026-11-23", "PARTITION_INVALID"),
    ("data", "2026-11-23/../..", "PARTITION_INVALID"),
    ("data", "/", "PARTITION_INVALID"),
    ("data", "/etc", "PARTITION_INVALID"),
    ("data", "2026-11-23//", "PARTITION_INVALID"),
    ("data", "./2026-11-23", "PARTITION_INVALID"),
    ("data", "..\\data", "PARTITION_INVALID"),
    ("data", "2026-11-23\0", "PARTITION_INVALID"),
    ("data/2026-11-23/a.csv", "2026-11-23", "PARTITION_MISSING"),
]


USES = [
    lambda source: list(source.batches()),
    lambda source: source.fingerprint(b"key"),
    lambda source: source.rows_present(),
    lambda source: source.bytes_present(),
]


@pytest.mark.parametrize(("dataset", "partition", "code"), PLACES)
def test_what_is_not_there_is_an_error(dataset: str, partition: str, code: str, tmp_path: Path) -> None:
    for folder in ("empty", "data/empty", "data/2026-11-23"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/2026-11-23/a.csv").write_bytes(CSV)
    for use in USES:
        with pytest.raises(SourceError) as caught:
            use(opened(tmp_path / dataset, partition))
        assert caught.value.code == code


@pytest.mark.parametrize("partition", ["2026-11-23", "2026-11-23/", "2026-11-23/a.csv"])
def test_a_partition_is_read_alone(partition: str, tmp_path: Path) -> None:
    for day, rows in (("2026-11-23", CSV), ("2026-11-24", CSV + b"4,x\n")):
        (tmp_path / day).mkdir()
        (tmp_path / day / "a.csv").write_bytes(rows)
    part, whole = opened(tmp_path, partition), opened(tmp_path)
    assert (len(cells(part)), len(cells(whole))) == (3, 7)
    assert part.identity == whole.identity == f"file://{tmp_path}"
    assert part.fingerprint(b"key").parts < whole.fingerprint(b"key").parts


def test_a_file_nobody_may_read_is_an_error(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    path.chmod(0)
    assert error_of(opened(path)).code == "NO_PERMISSION"


def test_a_named_pipe_does_not_hang_the_scan(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert error_of(opened(tmp_path)).code == "UNREADABLE"


def test_symbolic_links_are_followed_and_loops_noticed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.csv").write_bytes(CSV)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/folder").symlink_to(tmp_path / "real")
    (tmp_path / "data/file.csv").symlink_to(tmp_path / "real/a.csv")
    source = opened(tmp_path / "data")
    before = source.fingerprint(b"key")
    assert len(cells(source)) == 6
    (tmp_path / "real/a.csv").write_bytes(CSV + b"4,x\n")
    assert not source.fingerprint(b"key").parts & before.parts
    (tmp_path / "real/loop").symlink_to(tmp_path / "data")
    assert error_of(source).code == "UNREADABLE"


def test_folders_that_link_twice_to_the_next_are_an_error_at_once(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"d{number}").mkdir()
        (tmp_path / f"d{number}/a.csv").write_bytes(CSV)
    for number in range(39):
        for link in ("x", "y"):
            (tmp_path / f"d{number}" / link).symlink_to(tmp_path / f"d{number + 1}")
    assert error_of(opened(tmp_path / "d0")).code == "UNREADABLE"


@pytest.mark.parametrize("sign", ["^", "~", ":", "\x01", "·"])
def test_columns_parted_by_an_unknown_sign_are_an_error(sign: str, tmp_path: Path) -> None:
    lines = (sign.join(cells) for cells in (("name", "ssn"), ("Ada Lovelace", "123456789")))
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    assert error_of(opened(tmp_path / "a.csv")).code == "WRONG_FORMAT"


@pytest.mark.parametrize("text", ["text\nat 12:30\n", "Q: what?\nyes\n", "time (h:m)\n", "a_b-c.d (e/f)\n1\n"])
def test_one_column_of_text_is_one_column(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    (batch,) = opened(tmp_path / "a.csv").batches()
    assert batch.width == 1


def test_a_link_and_its_target_are_one_dataset(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert identity_of(parse(str(tmp_path / "link")), Clients()) == f"file://{tmp_path / 'real'}"


def test_a_dangling_link_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "gone.csv")
    assert error_of(opened(tmp_path)).code == "NOT_FOUND"


def test_a_fingerprint_changes_with_name_content_and_key_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "a.csv"
    path.parent.mkdir()
    path.write_bytes(CSV)
    source = opened(path.parent)
    before = source.fingerprint(b"key")
    os.utime(path, (1, 1))
    assert source.fingerprint(b"key") == before
    assert source.fingerprint(b"other") != before
    path.write_bytes(CSV.replace(b"ann", b"eve"))
    assert source.fingerprint(b"key") != before
    path.write_bytes(CSV)
    assert path.rename(path.with_name("b.csv")).exists()
    assert source.fingerprint(b"key") != before
    assert not before.weak


def test_counts_are_the_files_own(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(PARQUET)
    (tmp_path / "b.parquet").write_bytes(PARQUET)
    assert opened(tmp_path).rows_present() == 6
    assert opened(tmp_path).bytes_present() == 2 * len(PARQUET)
    (tmp_path / "c.csv").write_bytes(CSV)
    assert opened(tmp_path).rows_present() is None


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"id,note\n"), ("a.csv", b"id,note"), ("a.parquet", parquet_bytes(FRAME.head(0))), ("a.jsonl", b"\n")],
)
def test_a_file_without_rows_still_has_its_columns(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    (batch,) = opened(tmp_path).batches()
    assert batch.height == 0
    assert batch.columns == ([] if name == "a.jsonl" else ["id", "note"])


def test_files_of_different_columns_each_keep_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id\n1\n")
    (tmp_path / "b.parquet").write_bytes(PARQUET)
    assert [batch.columns for batch in opened(tmp_path).batches()] == [["id"], ["id", "note"]]


def test_a_footer_that_claims_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.parquet").write_bytes(footer_claiming(100_001))
    error = error_of(opened(tmp_path))
    assert error.code == "TOO_LARGE"
    assert "100,001 columns" in str(error)


def test_a_row_group_that_claims_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_mlsecops.sources.formats.parquet._ROW_GROUP", 100)
    (tmp_path / "a.parquet").write_bytes(PARQUET)
    assert error_of(opened(tmp_path)).code == "TOO_LARGE"


def test_a_quote_that_never_closes_does_not_fill_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_mlsecops.sources.formats.csv.RECORD_CHARACTERS", 1_000)
    (tmp_path / "a.csv").write_bytes(b'id,note\n1,"' + b"x,y\n" * 10_000)
    assert error_of(opened(tmp_path)).code == "MALFORMED_LINE"


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_line_without_end_does_not_fill_memory(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_mlsecops.sources.formats.text.RECORD_CHARACTERS", 1_000)
    (tmp_path / name).write_bytes(b"x" * 5_000)
    assert error_of(opened(tmp_path)).code == "TOO_LARGE"


DIALECTS = [
    (b"id;note\n1,5;a,b\n2,5;c,d\n", ["id", "note"]),
    (b"id\tnote\n1\ta,b;c\n", ["id", "note"]),
    (b"id|note\n1|a\n", ["id", "note"]),
    (b'"a,b";c\n1;2\n', ["a,b", "c"]),
    (b"note\nhello\n", ["note"]),
    (b"\xef\xbb\xbfid,note\r\n1,a\r\n", ["id", "note"]),
    (b"id,note\r1,a\r", ["id", "note"]),
    (b"id,id,,id (2)\n1,2,3,4\n", ["id", "id (3)", "column[3]", "id (2)"]),
    (b'"id\nnumber",note\n1,a\n', ["id\nnumber", "note"]),
]


@pytest.mark.parametrize(("content", "columns"), DIALECTS)
def test_a_header_tells_the_delimiter(content: bytes, columns: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    (batch,) = opened(tmp_path).batches()
    assert batch.columns == columns
    assert batch.height >= 1


def test_cells_of_ten_million_characters_are_read(tmp_path: Path) -> None:
    long = "x" * 10_000_000
    (tmp_path / "a.csv").write_text(f'id,note\n1,"{long}"\n2,{long}\n')
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": 1, "note": long}) + "\n")
    pl.DataFrame({"note": [long]}).write_parquet(tmp_path / "c.parquet")
    assert [len(str(row["note"])) for row in cells(opened(tmp_path))] == [10_000_000] * 4


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl"])
def test_two_thousand_columns_are_read(suffix: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({f"c{place}": [str(place)] * 3 for place in range(2_000)})
    write(frame, tmp_path / f"a.{suffix}")
    assert cells(opened(tmp_path)) == frame.rows(named=True)


def test_json_lines_keep_every_key_and_digit(tmp_path: Path) -> None:
    big = "1234567890" * 5
    lines = [
        '{"a": 1}',
        f'{{"b": {big}, "c": 4111111111111111.125}}',
        '{"a": "x", "d": {"e": [1, {"f": "g"}]}, "h": true, "i": null, "j": NaN, "k": "\\ud800x"}',
        "",
        '{"é": "ü"}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    one, two, three, four = cells(opened(tmp_path))
    assert set(one) == {"a", "b", "c", "d", "h", "i", "j", "k", "é"}
    assert (one["a"], two["b"], two["c"]) == ("1", big, "4111111111111111.125")
    assert json.loads(str(three["d"])) == {"e": ["1", {"f": "g"}]}
    assert (three["h"], three["i"], three["j"], three["k"]) == ("true", None, "NaN", "\ufffdx")
    assert four["é"] == "ü"


def test_the_columns_of_json_lines_do_not_depend_on_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "BATCH_ROWS", 1)
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n{"b": 2}\n')
    assert [batch.columns for batch in opened(tmp_path).batches()] == [["a", "b"], ["a", "b"]]


ODD = [
    pa.array([b"\xff\xfe", b"card 4111"], pa.binary()).view(pa.string()),
    pa.array([b"\xff\xfe", None], pa.binary()).view(pa.string()),
]


@pytest.mark.parametrize("array", ODD)
def test_text_that_is_not_utf8_is_read_and_reported(array: pa.Array, tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1, 2], "note": array}), tmp_path / "a.parquet")
    source = opened(tmp_path)
    rows = cells(source)
    assert rows[0]["note"] == "\\xff\\xfe"
    (skipped,) = source.skipped
    assert (skipped.code, skipped.column, skipped.rows) == ("UNREADABLE_CELLS", "column[2]", 1)


TYPES = [
    pa.array([1, None], pa.int8()),
    pa.array([1.5, None], pa.float16()),
    pa.array(["a", None]).dictionary_encode(),
    pa.array([b"a", None]),
    pa.array([None, None], pa.null()),
    pa.array([[1], None], pa.list_(pa.int64())),
    pa.array([{"a": "x"}, None]),
    pa.array([[("k", "v")], None], pa.map_(pa.string(), pa.string())),
    pa.array([10**40, None], pa.decimal256(50, 2)),
    pa.array([1, None], pa.duration("s")),
    pa.array([1, None], pa.time32("s")),
    pa.array([1, None], pa.timestamp("ns", "Europe/Berlin")),
    pa.array([1, None], pa.date64()),
    pa.array(["a", None], pa.string_view()),
    pa.array([b"0" * 16, None], pa.uuid()),
    pa.array([True, None]),
]


@pytest.mark.parametrize("array", TYPES, ids=lambda array: str(array.type)[:20])
def test_every_parquet_type_keeps_its_cells(array: pa.Array, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": array}), tmp_path / "a.parquet")
    (batch,) = opened(tmp_path).batches()
    cell, null = batch["a"].to_list()
    assert null is None
    assert (cell is None) == (array[0].as_py() is None)


def test_two_columns_of_one_name_are_both_read(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["a", "a"])
    pq.write_table(table, tmp_path / "a.parquet")
    assert cells(opened(tmp_path)) == [{"a": "x", "a (2)": "y"}]


# --- properties

text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
frames = (
    st.integers(1, 4)
    .flatmap(
        lambda width: st.lists(st.lists(st.none() | text, min_size=width, max_size=width), min_size=1, max_size=12)
    )
    .map(
        lambda rows: pl.DataFrame(rows, schema={f"c{place}": pl.String for place in range(len(rows[0]))}, orient="row")
    )
)


def write(frame: pl.DataFrame, path: Path) -> None:
    {".csv": frame.write_csv, ".parquet": frame.write_parquet, ".jsonl": frame.write_ndjson}[path.suffix](path)


def expected(frame: pl.DataFrame, suffix: str) -> list[dict[str, object]]:
    rows = frame.rows(named=True)
    return [{name: cell or None for name, cell in row.items()} for row in rows] if suffix == ".csv" else rows


@LIMITED
@given(frame=frames, suffix=st.sampled_from([".csv", ".parquet", ".jsonl"]), most=st.integers(1, 5))
def test_every_cell_comes_back_whatever_the_batch_size(
    frame: pl.DataFrame, suffix: str, most: int, tmp_path: Path
) -> None:
    path = tmp_path / f"a{suffix}"
    write(frame, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "BATCH_ROWS", most)
        batches = list(opened(path).batches())
    assert all(batch.height <= most for batch in batches)
    assert [row for batch in batches for row in batch.rows(named=True)] == expected(frame, suffix)


@LIMITED
@given(frame=frames, cut=st.integers(0, 100_000))
def test_a_parquet_file_cut_anywhere_is_an_error(frame: pl.DataFrame, cut: int, tmp_path: Path) -> None:
    content = parquet_bytes(frame)
    path = tmp_path / "a.parquet"
    path.write_bytes(content[: cut % len(content)])
    with pytest.raises(SourceError):
        list(opened(path).batches())


@LIMITED
@given(frame=frames, cut=st.integers(0, 100_000))
def test_a_csv_cut_anywhere_is_an_error_or_a_beginning_of_it(frame: pl.DataFrame, cut: int, tmp_path: Path) -> None:
    """Only the last cell of a file without a last line break may be shorter: CSV cannot tell."""
    path = tmp_path / "a.csv"
    write(frame, path)
    whole, content = [list(row.values()) for row in cells(opened(path))], path.read_bytes()
    path.write_bytes(content[: cut % len(content)])
    try:
        got = [list(row.values()) for row in cells(opened(path))]
    except SourceError:
        return
    *firm, last = got or [[]]
    assert firm == whole[: len(firm)]
    assert not last or last[:-1] == whole[len(firm)][:-1]
    assert not last or str(whole[len(firm)][-1] or "").startswith(str(last[-1] or ""))


def test_local_clients_open_files_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    assert len(cells(opened(tmp_path, clients=LocalClients()))) == 3  # type: ignore[arg-type]
    for uri in ("s3://bucket/key", "sql://conn/table", "xcom://task"):
        with pytest.raises(SourceError):
            list(opened(uri, clients=LocalClients()).batches())  # type: ignore[arg-type]


def test_importing_sources_loads_nothing_heavy() -> None:
    import subprocess

    code = "import sys, airflow_mlsecops.sources; print({'polars', 'pyarrow', 'pandas', 'airflow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
