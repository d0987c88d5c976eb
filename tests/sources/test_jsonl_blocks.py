"""The fast way through JSON Lines and the exact one never differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.formats import batching, jsonl
from airflow_mlsecops.sources.formats.jsonl_blocks import Plain, plain_of
from tests.sources._clients import cells, opened

# Pieces of strings as they stand in a file, and other values, well and badly written.
INSIDE = [
    *("a", "é", "東京", " ", "{", "}", ":", ",", "null", "12", "\u2028", "\x7f", "x" * 20),
    *(r"\"", r"\\", r"\n", r"\/", r"\u00e9", r"\ud83d\ude00", r"\ud800", r"\",\"b\":1", '\\\\\\"'),
]
STRINGS = st.lists(st.sampled_from(INSIDE), max_size=3).map(lambda parts: f'"{"".join(parts)}"')
VALUES = STRINGS | st.sampled_from(
    ["0", "-0", "1", "-12", "3.50", "1e5", "1E+5", "-1.0e-10", "1234567890" * 4, "true", "false", "null"]
)
ODD = st.sampled_from(
    [
        *("[1]", "{}", '{"a": {"b": null}}', "NaN", "-Infinity", "01", "1.", "tru", "", "1 2", "[", '{"a":1,"a":2}'),
        *(r'"\x"', '"\t"', r'"\u12"', '"a""b"', '"a', '"\0"', '"\\"'),
    ]
)
KEYS = ["a", "b", "é", "a b", "", "k:", "x,y", "{z", "column[1]", r"q\"t", r"\u0061", "1", "."]
STYLES = [(",", ":"), (",", ":"), (", ", ": "), (" , ", " : "), (",\t", ":")]
LIMITED = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def files(draw: st.DrawFn) -> str:
    """Records of the same keys as a rule; one of them may have others, or be broken."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
    comma, colon = draw(st.sampled_from(STYLES))

    def line(keys: list[str], values: list[str]) -> str:
        pairs = (f'"{key}"{colon}{value}' for key, value in zip(keys, values, strict=True))
        return f"{{{comma.join(pairs)}}}"

    rows = st.lists(VALUES, min_size=len(keys), max_size=len(keys)).map(lambda values: line(keys, values))
    lines = draw(st.lists(rows, max_size=20))
    odd = ODD.map(lambda value: line(["a"], [value])) | st.sampled_from(["", " ", '{"new":1}', "{}", '{"b":1}{"b":1}'])
    if draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), draw(odd))
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return end.join(lines) + draw(st.sampled_from(["", end, end + end]))


def outcome(path: Path) -> object:
    try:
        return [batch.to_dict(as_series=False) for batch in opened(path).batches()]
    except SourceError as error:
        return error.code, str(error)


def both(content: str, path: Path, block: int, rows: int = 5) -> tuple[object, object]:
    path.write_text(content or "\n", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "_BLOCK", block)
        patch.setattr(batching, "BATCH_ROWS", rows)
        patch.setattr(batching, "_BATCH_BYTES", 1 << 40)
        fast = outcome(path)
        patch.setattr(Plain, "fits", lambda *_: False)
        return fast, outcome(path)


def together(outcome: object) -> object:
    """Rows, wherever a batch ends."""
    if not isinstance(outcome, list):
        return outcome
    return {name: [cell for batch in outcome for cell in batch[name]] for name in outcome[0]}


@LIMITED
@given(content=files(), block=st.integers(1, 200))
@example(content='{"a":"x"}\n{"a":"\\\\"}\n{"a":"\\\\\\""}', block=1)
@example(content='{"a":1}\n{"b":1}\n{"b":2}\n{"b":3}\n', block=1)
@example(content='{"a":1}\n{"a":"\ufeff"}\n\ufeff{"a":1}', block=1)
def test_the_fast_way_reads_what_the_exact_one_does(content: str, block: int, tmp_path: Path) -> None:
    fast, exact = both(content, tmp_path / "a.jsonl", block)
    assert together(fast) == together(exact)


def rows(count: int) -> str:
    return "".join(f'{{"id": {number}, "note": "x \\"{number}\\"", "none": null}}\n' for number in range(count))


def test_plainly_written_records_reach_the_exact_reader_in_the_first_block_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact: list[str] = []
    one = jsonl._record
    monkeypatch.setattr(jsonl, "_BLOCK", 100)
    monkeypatch.setattr(jsonl, "_record", lambda line, lines: exact.append(line) or one(line, lines))
    (tmp_path / "a.jsonl").write_text(rows(500))
    found = cells(opened(tmp_path / "a.jsonl"))
    assert len(found) == 500
    assert found[-1] == {"id": "499", "note": 'x "499"', "none": None}
    assert len(exact) < 10


@pytest.mark.parametrize("bad", ['{"id": 1, "note": "x", "none": nul}\n', '{"id": 1, "id": 2, "none": null}\n', "{\n"])
def test_a_bad_record_far_down_is_named_by_its_line(bad: str, tmp_path: Path) -> None:
    fast, exact = both(rows(500) + bad + rows(500), tmp_path / "a.jsonl", 1_000, 1 << 17)
    assert isinstance(fast, tuple)
    assert fast == exact
    assert "line 501" in fast[1]


@pytest.mark.parametrize(
    "record", [{}, {"a": [1]}, {"a": {}}, {str(place): "" for place in range(300)}, {'"': ""}, {"\n": ""}, {"\x7f": ""}]
)
def test_records_that_cannot_be_cut_by_their_quotes_are_left_to_the_exact_reader(record: dict[str, object]) -> None:
    plain = plain_of(record)
    assert plain is None or not plain.fits(json.dumps(record))


def test_a_small_file_is_opened_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(rows(3))
    source = opened(tmp_path / "a.jsonl")
    (member,) = source.members()  # type: ignore[attr-defined]
    times: list[int] = []

    def once() -> object:
        times.append(1)
        return (tmp_path / "a.jsonl").open("rb")

    counted = type(member)(member.name, member.size, once, member.version, member.place)
    assert sum(batch.height for batch in jsonl.batches(counted, jsonl.Counter())) == 3
    assert len(times) == 1
