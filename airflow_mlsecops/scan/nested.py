"""Cells inside cells: the fields of structs, the items of lists and maps, what JSON in a string holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

# A key is shown as part of a path, so it has to look like one: what else stands there is data, and searched as such.
_KEY = re.compile(r"[^\W\d][\w \-]{0,40}")
_NUMBER = re.compile(r"[0-9]{4}")
ANY_KEY = "{}"
"""Stands for keys that are no field names."""
KEYS = "{key}"
"""Where the keys of objects are looked at as the data they may be."""
PATHS = 200
"""Paths read from the data: beyond so many in one column, keys are values themselves and share one path."""
_DEEPEST = 20


@dataclass(frozen=True, slots=True, repr=False)
class Leaf:
    """Cells that hold no further cells; it has no repr, since it holds the data.

    :param path: from the column's name: ``contact.email``, ``tags[]``, ``payload.user.id``
    :param cells: the cells
    :param row: row of each cell in the batch; ``None`` if they are the rows themselves
    :param loose: true if the path was read from the data, and not from a schema
    :param opened: cells that are null here because they are looked into under other paths
    :param crowded: true if it stands for more paths than a column may have
    """

    path: str
    cells: pl.Series
    row: pl.Series | None = None
    loose: bool = False
    opened: int = 0
    crowded: bool = False


def leaves(column: pl.Series) -> Iterator[Leaf]:
    """Every leaf of a column; a flat column is its own."""
    yield from _leaves(Leaf(column.name, column))


def _leaves(whole: Leaf) -> Iterator[Leaf]:
    import polars as pl

    kind = whole.cells.dtype.base_type()
    if kind is pl.Struct:
        for field in whole.cells.struct.unnest().columns:
            inner = whole.cells.struct.field(field)
            yield from _leaves(Leaf(f"{whole.path}.{field}", inner, whole.row, whole.loose))
    elif kind is pl.List:
        yield from _leaves(_items(whole))
    elif kind is pl.Array:
        yield from _leaves(Leaf(whole.path, whole.cells.arr.to_list(), whole.row, whole.loose))
    elif kind in (pl.String, pl.Categorical, pl.Enum):
        yield from _parsed(Leaf(whole.path, whole.cells.cast(pl.String), whole.row, whole.loose))
    else:
        yield whole


def _items(whole: Leaf) -> Leaf:
    import polars as pl

    row = pl.int_range(len(whole.cells), dtype=pl.UInt32, eager=True) if whole.row is None else whole.row
    frame = pl.DataFrame({"row": row, "cell": whole.cells})
    items = frame.filter(pl.col("cell").list.len() > 0).explode("cell").drop_nulls("cell")
    return Leaf(f"{whole.path}[]", items["cell"], items["row"], whole.loose)


def _parsed(whole: Leaf) -> Iterator[Leaf]:
    """The text itself, and what is in the cells that are JSON objects or arrays."""
    cells = whole.cells
    opened = _opened(cells)
    found: dict[str, tuple[list[int], list[str | None]]] = {}
    inside: list[int] = []
    for index in opened:
        flat = _flat(cells[index], whole.path)
        if flat is not None:
            inside.append(index)
            for path, text in flat:
                places, texts = found.setdefault(path, ([], []))
                places.append(index)
                texts.append(text)
    rest = cells.clone().scatter(inside, None) if inside else cells
    yield Leaf(whole.path, rest, whole.row, whole.loose, len(inside))
    parsed = [_of_path(path, *found[path], whole.row) for path in sorted(found)]
    yield from [_united(parsed, whole.path)] if len(parsed) > PATHS else parsed


def _opened(cells: pl.Series) -> list[int]:
    """Where a cell may be a JSON object or array."""
    import polars as pl

    cell = pl.col("cell").str
    opened = cells.alias("cell").to_frame().select(cell.starts_with("{") | cell.starts_with("[")).to_series()
    return opened.arg_true().to_list() if opened.any() else []


def _of_path(path: str, places: list[int], texts: list[str | None], row: pl.Series | None) -> Leaf:
    import polars as pl

    index = pl.Series(places, dtype=pl.UInt32)
    return Leaf(path, pl.Series(path, texts, pl.String), index if row is None else row.gather(index), loose=True)


def _united(parsed: list[Leaf], path: str) -> Leaf:
    """All as one, where thousands of a cell or two would each be searched alone; a row counts for each path it has."""
    import polars as pl

    texts = pl.concat([leaf.cells.alias(path) for leaf in parsed])
    rows = [leaf.row.cast(pl.UInt64) + (number << 32) for number, leaf in enumerate(parsed) if leaf.row is not None]
    return Leaf(f"{path}.{ANY_KEY}", texts, pl.concat(rows), loose=True, crowded=True)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with every key it has, given twice or not."""


# Numbers stay text: a float would round the digits of a long one.
_DECODER = json.JSONDecoder(object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str)


def _flat(cell: str, path: str) -> list[tuple[str, str | None]] | None:
    """Paths and texts in a JSON cell; ``None`` if it is no JSON, or so deep that it is better searched as a whole."""
    try:
        value = _DECODER.decode(cell)
        return list(_walk(value, path, 0))
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, str | None]]:
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, _Pairs):
        for key, inner in value:
            yield from _entry(key, inner, path, depth)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner, f"{path}[]", depth + 1)
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    else:
        yield path, _well_formed(value)


def _entry(key: str, inner: Any, path: str, depth: int) -> Iterator[tuple[str, str | None]]:
    named = _KEY.fullmatch(key) and not _NUMBER.search(key)
    yield f"{path}.{KEYS if named else ANY_KEY}", _well_formed(key)
    yield from _walk(inner, f"{path}.{key if named else ANY_KEY}", depth + 1)


def _well_formed(text: str | None) -> str | None:
    # A lone surrogate has no UTF-8: replaced, so that the rest is still looked at.
    return (
        text if text is None or text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
