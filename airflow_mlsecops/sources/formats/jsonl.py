"""JSON Lines, every value as exact text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.sources.failure import guarded
from airflow_mlsecops.sources.formats.batching import BATCH_CHARACTERS, BATCH_ROWS, gathered, rows_at_once
from airflow_mlsecops.sources.formats.names import unique_names
from airflow_mlsecops.sources.formats.text import Lines
from airflow_mlsecops.sources.member import Member

if TYPE_CHECKING:
    import polars as pl


def rows(member: Member) -> int | None:
    """Unknown before reading."""
    return None


def batches(member: Member, lost: Counter[int]) -> Iterator[pl.DataFrame]:
    """Every row, in frames of bounded size with the same columns: every key of any line.

    Numbers keep their digits, nested values are JSON text: nothing is rounded, and no type is guessed from first lines.
    The file is read twice if it is more than one frame, since the last line may bring a new key.
    """
    first = Lines(member, "JSON Lines", newline="\n")
    keys, records = _looked_through(first)
    if records is not None and len(records) <= rows_at_once(len(keys)):
        yield _frame(records, keys)
        return
    second = Lines(member, "JSON Lines", newline="\n")
    yield from guarded(_frames(second, keys), second.place)


def _looked_through(lines: Lines) -> tuple[list[str], list[dict[str, Any]] | None]:
    """Every key of any line; and the records, if one frame could hold them."""
    keys: dict[str, None] = {}
    held: list[dict[str, Any]] | None = []
    for record in guarded(_records(lines), lines.place):
        if not record.keys() <= keys.keys():
            keys.update(dict.fromkeys(record))
        if held is not None:
            held.append(record)
            if len(held) > BATCH_ROWS or lines.characters > BATCH_CHARACTERS:
                held = None
    return list(keys), held


def _frames(lines: Lines, keys: list[str]) -> Iterator[pl.DataFrame]:
    for batch in gathered(_records(lines), rows_at_once(len(keys)), lambda: lines.characters):
        frame = _frame(batch, keys)
        batch.clear()  # or the next one's records would be gathered beside these: ten times the size of their text
        yield frame


def _records(lines: Lines) -> Iterator[dict[str, Any]]:
    with lines.opened():
        for line in lines:
            if line.strip():
                yield _record(line, lines)


def _record(line: str, lines: Lines) -> dict[str, Any]:
    text = line.strip(_WHITESPACE)
    try:
        record, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        record, end = None, 0
    record = record if end == len(text) else None
    if not isinstance(record, dict):
        # A last line without its line break that does not parse was being written when the file was cut.
        cut = record is None and not line.endswith("\n")
        raise lines.error(
            "is cut short: write the file again"
            if cut
            else "is not one JSON object with distinct keys: mend that line",
            "TRUNCATED" if cut else "MALFORMED_LINE",
        )
    return record


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; a key given twice is refused, since readers differ in which of its values they see."""
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("a key is given twice")
    return record


_WHITESPACE = " \t\r\n"
# Numbers stay text: a float would round the digits of a long one, and int() refuses more than 4,300 digits.
_DECODER = json.JSONDecoder(object_pairs_hook=_distinct, parse_int=str, parse_float=str, parse_constant=str)


def _frame(records: list[dict[str, Any]], keys: list[str]) -> pl.DataFrame:
    import polars as pl

    columns = zip(unique_names(keys), keys, strict=True)
    return pl.DataFrame([_series(name, [record.get(key) for record in records]) for name, key in columns])


def _series(name: str, values: list[Any]) -> pl.Series:
    import polars as pl

    if set(map(type, values)) <= {str, type(None)} and all(map(str.isascii, filter(None, values))):
        return pl.Series(name, values, pl.String)
    return pl.Series(name, [_text(value) for value in values], pl.String)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # A lone surrogate, which \ud800 brings, has no UTF-8: replaced, so that the rest of its cell is still looked at.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
