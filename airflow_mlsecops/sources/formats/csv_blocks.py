"""CSV whose quotes are all where they should be, many records at once.

What :mod:`csv` and pyarrow read differently never gets here: each block is proven to be written strictly before it is
parsed, and the first one that is not is left to the exact reader, with all that follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airflow_mlsecops.sources.formats.text import Lines

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK = 1 << 20
# A block ends within a quoted cell as often as not; one that never ends is for the exact reader to judge.
_LONGEST = 16 << 20


def tables(lines: Lines, names: list[str], delimiter: str, most: int) -> Iterator[pa.Table]:
    """Records until the first that are not strictly written, which the lines then begin with; all cells are text.

    :param most: rows to a table
    """
    while text := _block(lines):
        table = _table(text, names, delimiter)
        if table is None:
            lines.put_back(text)
            return
        lines.passed(text)
        yield from (table.slice(start, most) for start in range(0, table.num_rows, most))


def _block(lines: Lines) -> str:
    """Whole lines, up to a place outside of quotes, if one is near."""
    text = lines.block(_BLOCK)
    parts = [text]
    size, odd = len(text), text.count('"') % 2
    while odd and size < _LONGEST and (line := lines.block(0)):
        parts.append(line)
        size, odd = size + len(line), (odd + line.count('"')) % 2
    return "".join(parts)


def _table(text: str, names: list[str], delimiter: str) -> pa.Table | None:
    """The records, or nothing if they are anything but plainly written."""
    import pyarrow as pa
    from pyarrow import csv

    # pyarrow takes U+FEFF at the start of what it is given for a byte order mark.
    if text.startswith("\ufeff") or not (_is_strict(text, delimiter) and _ends_lines_alike(text)):
        return None
    places = [str(place) for place in range(len(names))]
    read = csv.ReadOptions(use_threads=False, block_size=_bytes_at_most(text), column_names=places)
    parse = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    convert = csv.ConvertOptions(
        check_utf8=False,  # it was text a moment ago
        column_types=dict.fromkeys(places, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
    try:
        return csv.read_csv(pa.BufferReader(text.encode()), read, parse, convert).rename_columns(names)
    except pa.ArrowInvalid:
        # Records of different widths, or blank lines alone: the exact reader knows which, and where.
        return None


def _is_strict(text: str, delimiter: str) -> bool:
    """True if there are no NUL bytes, and each quote opens a cell, closes one, or is doubled inside one."""
    if "\0" in text or '"' not in text:
        return "\0" not in text
    parts = text.split('"')
    first, *between, last = parts[::2] if len(parts) % 2 else ("x", "x")
    edges = {delimiter, "\n", "\r", ""}
    starts, ends = {part[:1] for part in (*between, last)}, {part[-1:] for part in (first, *between)}
    return starts <= edges and ends <= edges


def _ends_lines_alike(text: str) -> bool:
    """True if each line ends with a line feed, as the lines are counted by them."""
    return "\r" not in text or text.count("\r") == text.count("\r\n")


def _bytes_at_most(text: str) -> int:
    return 4 * len(text) + 1
