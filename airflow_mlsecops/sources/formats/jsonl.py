"""JSON Lines, every value as exact text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.sources.failure import guarded
from airflow_mlsecops.sources.formats.batching import gathered, rows_at_once
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
    The file is read twice, since the last line may bring a new key.
    """
    keys: dict[str, None] = {}
    first = Lines(member, "JSON Lines", newline="\n")
    for record in guarded(_records(first), first.place):
        keys.update(dict.fromkeys(record))
    second = Lines(member, "JSON Lines", newline="\n")
    yield from guarded(_frames(second, list(keys)), second.place)


def _frames(lines: Lines, keys: list[str]) -> Iterator[pl.DataFrame]:
    for batch in gathered(_records(lines), rows_at_once(len(keys)), lambda: lines.characters):
        yield _frame(batch, keys)


def _records(lines: Lines) -> Iterator[dict[str, Any]]:
    with lines.opened():
        for line in lines:
            if line.strip():
                yield _record(line, lines)


def _record(line: str, lines: Lines) -> dict[str, Any]:
    try:
        record = _DECODER.decode(line)
    except (ValueError, RecursionError):
        record = None
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


# Numbers stay text: a float would round the digits of a long one, and int() refuses more than 4,300 digits.
_DECODER = json.JSONDecoder(object_pairs_hook=_distinct, parse_int=str, parse_float=str, parse_constant=str)


def _frame(records: list[dict[str, Any]], keys: list[str]) -> pl.DataFrame:
    import polars as pl

    columns = zip(unique_names(keys), keys, strict=True)
    return pl.DataFrame(
        [pl.Series(name, [_text(record.get(key)) for record in records], pl.String) for name, key in columns]
    )


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # A lone surrogate, which \ud800 brings, has no UTF-8: replaced, so that the rest of its cell is still looked at.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
