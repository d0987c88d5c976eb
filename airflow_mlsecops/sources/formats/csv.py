"""CSV, every cell as text."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.failure import guarded
from airflow_mlsecops.sources.formats.arrow import to_polars
from airflow_mlsecops.sources.formats.batching import RECORD_CHARACTERS, gathered, joined, rows_at_once
from airflow_mlsecops.sources.formats.csv_blocks import tables
from airflow_mlsecops.sources.formats.names import unique_names
from airflow_mlsecops.sources.formats.text import Lines
from airflow_mlsecops.sources.member import Member

if TYPE_CHECKING:
    from _csv import Reader as _Reader

    import polars as pl

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 20
_IN_NAMES = frozenset(" _-.()/'\"")


def rows(member: Member) -> int | None:
    """Unknown before reading: a line break may stand inside quotes."""
    return None


def batches(member: Member, lost: Counter[int]) -> Iterator[pl.DataFrame]:
    """Every row, in frames of bounded size; an empty cell is null, whether quoted or not."""
    lines = Lines(member, "CSV", newline="")
    return guarded(_frames(lines, lost), lines.place)


def _frames(lines: Lines, lost: Counter[int]) -> Iterator[pl.DataFrame]:
    # The limit is the process's, and its default of 131,072 characters refuses a long document.
    csv.field_size_limit(RECORD_CHARACTERS)
    with lines.opened():
        sample = list(islice(lines, _SAMPLE_LINES))
        lines.put_back("".join(sample), len(sample))
        delimiter = _delimiter(sample)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        header = next(_records(reader, lines), [])
        if not header:
            raise SourceError(f"{lines.name} has no header in its first line: write one", code="MALFORMED_LINE")
        if len(header) == 1:
            _check_one_column(sample, lines.name)
        yield from _body(lines, unique_names(header), delimiter, lost)


def _body(lines: Lines, names: list[str], delimiter: str, lost: Counter[int]) -> Iterator[pl.DataFrame]:
    """What follows the header: many records at once as far as they are plainly written, the others one by one."""
    most, done = rows_at_once(len(names)), False
    for batch in _plain_frames(lines, names, delimiter, most, lost):
        yield batch
        done = True
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    cells = _cells(_records(reader, lines), lines, len(names))
    for records in gathered(cells, most, lambda: lines.characters):
        if records or not done:
            yield _frame(records, names)


def _plain_frames(
    lines: Lines, names: list[str], delimiter: str, most: int, lost: Counter[int]
) -> Iterator[pl.DataFrame]:
    import pyarrow as pa

    # A blank line is a null cell where there is but one column; pyarrow does not see it.
    parsed = tables(lines, names, delimiter, most) if len(names) > 1 else ()
    for held in joined(parsed, most, lambda table: int(table.nbytes)):
        yield to_polars(pa.concat_tables(held), lost)


def _delimiter(sample: list[str]) -> str:
    """The delimiter that cuts the header into most fields, preferably those that cut the first records alike."""

    def fit(delimiter: str) -> tuple[bool, int]:
        widths = _widths(sample, delimiter)
        return (len(set(widths)) == 1 and widths[0] > 1, widths[0] if widths else 0)

    return max(_DELIMITERS, key=fit)


def _check_one_column(sample: list[str], name: str) -> None:
    """Refuse columns parted by what is no delimiter here: no name or number among them would be seen as a cell."""
    lines = [line for line in sample if line.strip()]
    parts = {sign for sign in lines[0].strip() if not sign.isalnum() and sign not in _IN_NAMES}
    strange = sorted(sign for sign in parts if len(lines) > 1 and len({line.count(sign) for line in lines}) == 1)
    if strange:
        raise SourceError(
            f"{name} is parted by U+{ord(strange[0]):04X}: expected a comma, semicolon, tab or bar; write it with one",
            code="WRONG_FORMAT",
        )


def _widths(sample: list[str], delimiter: str) -> list[int]:
    # The last record is left out: the sample may end inside it.
    records = [len(record) for record in csv.reader(sample, delimiter=delimiter) if record]
    return records[:-1] if len(sample) == _SAMPLE_LINES and len(records) > 1 else records


def _records(reader: _Reader, lines: Lines) -> Iterator[list[str]]:
    """Records; a quote left open until the end means that the file was cut short."""
    try:
        yield from reader
        return
    except csv.Error as error:
        # The only text of csv.Error that tells the two apart; it holds no cell.
        cut = "unexpected end of data" in str(error)
    if cut:
        raise SourceError(f"{lines.name} is cut short: a quote is open at its end; write it again", code="TRUNCATED")
    raise lines.error(
        "is not CSV: a cell is too long, or goes on after its closing quote; double the quotes inside cells",
        "MALFORMED_LINE",
    )


def _cells(records: Iterator[list[str]], lines: Lines, width: int) -> Iterator[tuple[str, ...]]:
    """Records as wide as the header; a blank line is a null cell if there is but one column, else nothing."""
    for record in records:
        if len(record) == width:
            # A tuple: the garbage collector looks at each list of cells again and again, 40 % of the time it all took.
            yield tuple(record)
        elif record:
            line = lines.number
            raise _ragged(lines.name, line, len(record), width, last=next(records, None) is None)
        elif width == 1:
            yield ("",)


def _ragged(name: str, line: int, got: int, width: int, *, last: bool) -> SourceError:
    if last and got < width:
        return SourceError(
            f"{name} is cut short: its last record, line {line:,}, has {got:,} fields, expected {width:,}; write it "
            "again",
            code="TRUNCATED",
        )
    return SourceError(
        f"{name} line {line:,} has {got:,} fields, expected {width:,} as in the header: quote cells that hold the "
        "delimiter",
        code="MALFORMED_LINE",
    )


def _frame(records: list[tuple[str, ...]], names: list[str]) -> pl.DataFrame:
    import polars as pl

    columns = zip(*records, strict=True) if records else ([] for _ in names)
    frame = pl.DataFrame([pl.Series(name, cells, pl.String) for name, cells in zip(names, columns, strict=True)])
    return frame.select(pl.when(pl.all() != "").then(pl.all()))
