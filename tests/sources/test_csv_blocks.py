"""The fast way through a CSV file and the exact one never differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.formats import csv, csv_blocks
from tests.sources._clients import cells, opened

# Pieces that a CSV file is made of, well and badly put together.
PIECES = [
    "a",
    "é",
    ",",
    ",",
    '"',
    '"',
    '""',
    '"x"',
    '"x,y"',
    '"x\ny"',
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\ufeff",
    " ",
    "\0",
    ";",
]
LIMITED = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def outcome(path: Path) -> object:
    try:
        return cells(opened(path))
    except SourceError as error:
        return error.code, str(error)


def both(content: bytes, path: Path, block: int = 8) -> tuple[object, object]:
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_blocks, "_BLOCK", block)
        fast = outcome(path)
        patch.setattr(csv, "tables", lambda *_: ())
        return fast, outcome(path)


@LIMITED
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=30), block=st.integers(1, 40))
@example(pieces=["1,2\n", "\ufeff1,2\n"], block=1)
@example(pieces=['1,"2\n'] * 3, block=1)
@example(pieces=['1,"2', '"" \r\n', '3"\n', '5" pipe,x\n', "7,8"], block=5)
def test_the_fast_way_reads_what_the_exact_one_does(pieces: list[str], block: int, tmp_path: Path) -> None:
    fast, exact = both(("a,b\n" + "".join(pieces)).encode(), tmp_path / "a.csv", block)
    assert fast == exact


ROWS = b"".join(b'%d,"x ""%d"", y\r\nz",,\n' % (number, number) for number in range(500))


def test_plainly_written_records_never_reach_the_exact_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "_BLOCK", 100)
    monkeypatch.setattr(csv, "_cells", lambda records, *_: pytest.fail("a record was left") if any(records) else ())
    (tmp_path / "a.csv").write_bytes(b"id,note,empty,last\n" + ROWS)
    rows = cells(opened(tmp_path / "a.csv"))
    assert len(rows) == 500
    assert rows[-1] == {"id": "499", "note": 'x "499", y\r\nz', "empty": None, "last": None}


@pytest.mark.parametrize("bad", [b"1,2\n", b'1,2,"3"x,4\n', b"1,2,3,\xff\n", b"1,2,3,\0\n"])
def test_a_bad_record_far_down_is_named_by_its_line(bad: bytes, tmp_path: Path) -> None:
    fast, exact = both(b"id,note,empty,last\n" + ROWS + bad + ROWS, tmp_path / "a.csv", 1_000)
    assert isinstance(fast, tuple)
    if b"\xff" not in bad:  # text is decoded ahead of the line it stands in, either way
        assert fast == exact
        assert "line 1,002" in fast[1]
