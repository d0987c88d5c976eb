"""Cells inside cells: the fields of structs, the items of lists and maps, what JSON in a string holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
_CELLS = "cells"
_BEFORE = " \t\r\n\v\f\ufeff"


@dataclass(frozen=True, slots=True, repr=False)
class Leaf:
    """Cells that hold no further cells; it has no repr, since it holds the data.

    :param path: from the column's name: ``contact.email``, ``tags[]``, ``payload.user.id``
    :param cells: the cells
    :param row: row of each cell in the batch; ``None`` if they are the rows themselves
    :param loose: true if the path was read from the data, and not from a schema
    :param opened: cells that are null here because they are looked into under other paths
    :param crowded: true if it stands for more paths than a column may have
    :param fields: of structs that the path leads through, each whole: a name may have a dot in it, and may be data
    """

    path: str
    cells: pl.Series
    row: pl.Series | None = None
    loose: bool = False
    opened: int = 0
    crowded: bool = False
    fields: tuple[str, ...] = ()


def leaves(column: pl.Series) -> Iterator[Leaf]:
    """Every leaf of a column; a flat column is its own."""
    # polars takes a name such as "^a$" for a pattern of names: cells have a name that is none.
    yield from _leaves(Leaf(column.name, column.alias(_CELLS)))


def _leaves(whole: Leaf) -> Iterator[Leaf]:
    import polars as pl

    kind = whole.cells.dtype.base_type()
    if kind is pl.Struct:
        for inner in whole.cells.struct.unnest().get_columns():
            path, fields = f"{whole.path}.{inner.name}", (*whole.fields, inner.name)
            yield from _leaves(replace(whole, path=path, cells=inner.alias(_CELLS), fields=fields))
    elif kind is pl.List:
        yield from _leaves(_items(whole))
    elif kind is pl.Array:
        yield from _leaves(replace(whole, cells=whole.cells.arr.to_list()))
    elif kind is getattr(pl, "Map", None):
        yield from _leaves(replace(whole, cells=_entries(whole.cells)))
    elif kind in (pl.String, pl.Categorical, pl.Enum):
        yield from _parsed(replace(whole, cells=whole.cells.cast(pl.String)))
    elif kind is pl.Binary and (text := _as_text(whole.cells)) is not None:
        yield from _parsed(replace(whole, cells=text))
    else:
        yield whole


def _entries(cells: pl.Series) -> pl.Series:
    """A map as the list of its entries, which older releases of polars read it as."""
    import polars as pl

    kind: Any = cells.dtype
    return cells.cast(pl.List(pl.Struct({"key": kind.key, "value": kind.value})))


def _as_text(cells: pl.Series) -> pl.Series | None:
    """Bytes as the text that they are; ``None`` if one of the cells is none."""
    import polars as pl

    try:
        return cells.cast(pl.String)
    except pl.exceptions.PolarsError:
        return None


def _items(whole: Leaf) -> Leaf:
    import polars as pl

    row = pl.int_range(len(whole.cells), dtype=pl.UInt32, eager=True) if whole.row is None else whole.row
    frame = pl.DataFrame({"row": row, "cell": whole.cells})
    items = frame.filter(pl.col("cell").list.len() > 0).explode("cell").drop_nulls("cell")
    return replace(whole, path=f"{whole.path}[]", cells=items["cell"].alias(_CELLS), row=items["row"])


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
    yield replace(whole, cells=rest, opened=len(inside))
    parsed = [_of_path(path, *found[path], whole) for path in sorted(found)]
    yield from [_united(parsed, whole)] if len(parsed) > PATHS else parsed


def _opened(cells: pl.Series) -> list[int]:
    """Where a cell may be a JSON object or array, with space or a byte order mark before it or without."""
    # Compared by their first bytes, which is a fifth of what a pattern costs: space, brackets, or beyond ASCII.
    likely = (cells < "!") | ((cells >= "[") & (cells < "\\")) | (cells >= "{")
    if not likely.any():
        return []
    places = likely.arg_true()
    return places.filter(cells.gather(places).str.contains(r"^[\s\x{FEFF}]*[\[{]")).to_list()


def _of_path(path: str, places: list[int], texts: list[str | None], whole: Leaf) -> Leaf:
    import polars as pl

    index = pl.Series(places, dtype=pl.UInt32)
    row = index if whole.row is None else whole.row.gather(index)
    return Leaf(path, pl.Series(_CELLS, texts, pl.String), row, loose=True, fields=whole.fields)


def _united(parsed: list[Leaf], whole: Leaf) -> Leaf:
    """All as one, where thousands of a cell or two would each be searched alone; a row counts for each path it has."""
    import polars as pl

    texts = pl.concat([leaf.cells for leaf in parsed])
    rows = [leaf.row.cast(pl.UInt64) + (number << 32) for number, leaf in enumerate(parsed) if leaf.row is not None]
    path = f"{whole.path}.{ANY_KEY}"
    return Leaf(path, texts, pl.concat(rows), loose=True, crowded=True, fields=whole.fields)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with every key it has, given twice or not."""


# Numbers stay text: a float would round the digits of a long one.
_DECODER = json.JSONDecoder(object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str)


def _flat(cell: str, path: str) -> list[tuple[str, str | None]] | None:
    """Paths and texts in a JSON cell; ``None`` if it is no JSON, or so deep that it is better searched as a whole."""
    try:
        return list(_walk(_DECODER.decode(cell.lstrip(_BEFORE)), path, 0))
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
    elif isinstance(value, str) and value.lstrip(_BEFORE)[:1] in ("{", "["):
        yield from _walk_text(value, path, depth)
    else:
        yield path, _well_formed(value)


def _walk_text(text: str, path: str, depth: int) -> Iterator[tuple[str, str | None]]:
    """What is in a text that may be JSON itself, written into JSON."""
    try:
        value = _DECODER.decode(text.lstrip(_BEFORE))
    except ValueError:
        yield path, _well_formed(text)
    else:
        yield from _walk(value, path, depth + 1)


def _entry(key: str, inner: Any, path: str, depth: int) -> Iterator[tuple[str, str | None]]:
    named = _KEY.fullmatch(key) and not _NUMBER.search(key)
    yield f"{path}.{KEYS if named else ANY_KEY}", _well_formed(key)
    yield from _walk(inner, f"{path}.{key if named else ANY_KEY}", depth + 1)


def _well_formed(text: str | None) -> str | None:
    # A lone surrogate has no UTF-8: replaced, so that the rest is still looked at.
    return (
        text if text is None or text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
