"""JSON Lines, every value as exact text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_mlsecops.sources.failure import attempt, guarded
from airflow_mlsecops.sources.formats.batching import joined, rows_at_once
from airflow_mlsecops.sources.formats.jsonl_blocks import Block, plain_of
from airflow_mlsecops.sources.formats.names import unique_names
from airflow_mlsecops.sources.formats.text import Lines
from airflow_mlsecops.sources.member import Member

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")
Record = dict[str, Any]

_BLOCK = 1 << 20
# Records are ten times as large as their text, so few are held.
_FEW = 256
# A file of so many bytes is fetched once, though it is read twice.
_SMALL = 8 << 20


def rows(member: Member) -> int | None:
    """Unknown before reading."""
    return None


def batches(member: Member, lost: Counter[int]) -> Iterator[pl.DataFrame]:
    """Every row, in frames of bounded size with the same columns: every key of any line.

    Numbers keep their digits, nested values are JSON text: nothing is rounded, and no type is guessed from first lines.
    The file is read twice, since the last line may bring a new key.
    """
    member = _at_hand(member) if member.size <= _SMALL else member
    first, second = (Lines(member, "JSON Lines", newline="\n") for _ in range(2))
    keys: dict[str, None] = {}
    for some in guarded(_pieces(first, lambda block: block.keys, _keys), first.place):
        keys.update(dict.fromkeys(some))
    yield from guarded(_frames(second, list(keys)), second.place)


def _at_hand(member: Member) -> Member:
    with closing(attempt(member.open, member.shown)) as stream:
        content = attempt(lambda: stream.read(_SMALL + 1), member.shown)
    return replace(member, open=lambda: BytesIO(content)) if len(content) <= _SMALL else member


def _pieces(lines: Lines, plain: Callable[[Block], T], exact: Callable[[Iterator[Record]], T]) -> Iterator[T]:
    """What is made of all lines, some at a time: of plainly written ones, and of records of the others."""
    last: Record = {}

    def records(text: str) -> Iterator[Record]:
        nonlocal last
        for line in lines.within(text):
            if line.strip():
                last = _record(line, lines)
                yield last

    # Of none at first, so that a file without a line has a frame too.
    yield exact(iter(()))
    with lines.opened():
        while text := lines.block(_BLOCK):
            if (way := plain_of(last)) is not None and way.fits(text):
                lines.passed(text)
                yield plain(Block(way, text, _unquoted))
            else:
                yield exact(records(text))


def _keys(records: Iterator[Record]) -> Iterable[str]:
    return dict.fromkeys(chain.from_iterable(records))


def _frames(lines: Lines, keys: list[str]) -> Iterator[pl.DataFrame]:
    import polars as pl

    most, names = rows_at_once(len(keys)), unique_names(keys)
    pieces = _pieces(
        lines,
        lambda block: block.frames(keys, names, most),
        lambda records: [_frame(few, keys, names) for few in _few(records, min(_FEW, most))],
    )
    for held in joined(chain.from_iterable(pieces), most, lambda frame: int(frame.estimated_size())):
        yield pl.concat(held, rechunk=True)


def _few(records: Iterator[Record], most: int) -> Iterator[list[Record]]:
    """So many at a time; none once if there are none."""
    few = list(islice(records, most))
    yield few
    while few := list(islice(records, most)):
        yield few


def _record(line: str, lines: Lines) -> Record:
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


def _distinct(pairs: list[tuple[str, Any]]) -> Record:
    """The object; a key given twice is refused, since readers differ in which of its values they see."""
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("a key is given twice")
    return record


_WHITESPACE = " \t\r\n"
# Numbers stay text: a float would round the digits of a long one, and int() refuses more than 4,300 digits.
_DECODER = json.JSONDecoder(object_pairs_hook=_distinct, parse_int=str, parse_float=str, parse_constant=str)


def _frame(records: list[Record], keys: Sequence[str], names: list[str]) -> pl.DataFrame:
    import polars as pl

    rows = (map(record.get, keys) for record in records)
    columns = zip(*rows, strict=True) if records else ((),) * len(keys)
    return pl.DataFrame([_series(name, cells) for name, cells in zip(names, columns, strict=True)])


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    import polars as pl

    if set(map(type, values)) <= {str, type(None)}:
        # Lone surrogates are refused, and rarer than to be worth a look at each value before.
        with suppress(UnicodeError, pl.exceptions.PolarsError):
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


def _unquoted(cell: str) -> str | None:
    return _text(_DECODER.decode(f'"{cell}"'))
