"""Python values become columns without losing a cell."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence, ValuesView
from datetime import date, time, timedelta
from enum import Enum
from ipaddress import IPv4Network, IPv6Network
from numbers import Number
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.errors import SourceError

if TYPE_CHECKING:
    import polars as pl

_INT64 = 1 << 63
# What their text shows is all of them; IP networks can be walked through, and need not be.
_SCALARS = (int, float, complex, Number, timedelta, UUID, PurePath, IPv4Network, IPv6Network)
# Frames, series and arrays show a few of many cells as text; what they are made of is all there. In pairs first:
# indices and names are cells too, and a dict would keep one of two that are equal.
_UNFOLDING = ("items", "itercolumns", "to_pylist", "to_list", "tolist", "to_dict", "as_py")
_BUILTIN = frozenset({type(None), str, int, float, bool})


def series(name: str, cells: Sequence[object], place: int, lost: Counter[int]) -> pl.Series:
    """A typed column if every cell is of one simple type, otherwise text.

    :param place: of the column, from 1
    :param lost: counts, by column, cells of bytes that are no text among others that are
    """
    import polars as pl

    plain = [_plain(cell) for cell in cells]
    kinds = {type(cell) for cell in plain} - {type(None)}
    if kinds == {int} and all(cell is None or -_INT64 <= cell < _INT64 for cell in plain):
        return pl.Series(name, plain, pl.Int64)
    for kind, dtype in ((bool, pl.Boolean), (float, pl.Float64), (bytes, pl.Binary)):
        if kinds == {kind}:
            return pl.Series(name, plain, dtype)
    return text_series(name, plain, place, lost)


def text_series(name: str, cells: Sequence[object], place: int, lost: Counter[int]) -> pl.Series:
    """A column of text, whatever the cells are."""
    import polars as pl

    kinds = set(map(type, cells)) - {type(None)}
    # Nearly every column of a table is one of these two, which need no look at each cell.
    if kinds == {str} and all(map(str.isascii, filter(None, cells))):  # type: ignore[arg-type]
        return pl.Series(name, cells, pl.String)
    if kinds == {int}:
        return pl.Series(name, [None if cell is None else str(cell) for cell in cells], pl.String)
    plain = [_plain(cell) for cell in cells]
    if count := sum(1 for cell in plain if isinstance(cell, bytes) and not _is_text(cell)):
        lost[place] += count
    return pl.Series(name, [None if cell is None else text(cell) for cell in plain], pl.String)


def undecoded(lost: Mapping[int, int]) -> tuple[Skipped, ...]:
    """What to say of cells that are no text; columns by place, since a name may itself hold data."""
    return tuple(
        Skipped(
            code="UNREADABLE_CELLS",
            detail=f"column {place}: {count:,} cells are not UTF-8 text and could not be understood",
            column=f"column[{place}]",
            rows=count,
        )
        for place, count in sorted(lost.items())
    )


def _is_text(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError:
        return False
    return True


def text(cell: object) -> str:
    """The cell as text that shows all that it holds.

    :raises SourceError: ``UNREADABLE`` for an object that only shows its address: its content would not be looked at
    """
    cell = _plain(cell)
    if isinstance(cell, str):
        return well_formed(str.__str__(cell))
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, Enum):
        return text(cell.value)
    if isinstance(cell, deque | KeysView | ValuesView):
        cell = list(cell)
    if isinstance(cell, Mapping | list | tuple | set | frozenset):
        return well_formed(_json(cell))
    return well_formed(str(cell)) if isinstance(cell, _SCALARS) else _unfolded(cell)


def _unfolded(cell: object) -> str:
    """The text of an object that may hold more than its text shows."""
    unfold = next((getattr(cell, name) for name in _UNFOLDING if callable(getattr(cell, name, None))), None)
    if unfold is not None:
        inside = unfold()
        names = [list(cell.column_names)] if hasattr(cell, "column_names") else []
        return text([*names, *inside] if isinstance(inside, Iterator) else inside)
    own_text = type(cell).__str__ is not object.__str__ or type(cell).__repr__ is not object.__repr__
    if isinstance(cell, Iterable) or not own_text:
        raise SourceError(
            f"cells of type {type(cell).__qualname__} cannot be looked into: convert them to text or numbers",
            code="UNREADABLE",
        )
    return well_formed(str(cell))


def well_formed(cell: str) -> str:
    r"""The text without lone surrogates, which have no UTF-8: ``\ud800`` in JSON, undecodable bytes in a file name."""
    return cell if cell.isascii() else cell.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def digest(key: bytes, names: Sequence[str], rows: Iterable[Sequence[object]]) -> tuple[int, str]:
    """Count rows and digest them, whatever their order.

    Keyed digests of the rows are added up, so a row given twice counts twice. Without the key nobody can search for
    other rows with the same sum.
    """
    secret = hmac.digest(key, b"rows", "sha256")
    count, total = 0, int.from_bytes(_keyed(secret, names))
    for row in rows:
        count, total = count + 1, total + int.from_bytes(_keyed(secret, row))
    return count, f"{total % (1 << 256):064x}"


def _keyed(secret: bytes, row: Iterable[object]) -> bytes:
    encoded = b"".join(_tagged(cell) for cell in row)
    return hashlib.blake2b(encoded, key=secret, digest_size=32).digest()


def _tagged(cell: object) -> bytes:
    # Type and length come first, so that 1 and "1", or ("ab", "c") and ("a", "bc"), never meet.
    data = b"" if cell is None else _exact(cell)
    return b"%b:%d:%b" % (type(cell).__name__.encode(), len(data), data)


def _exact(cell: object) -> bytes:
    plain = _plain(cell)
    if isinstance(plain, bytes):
        return plain
    if isinstance(plain, str):
        return plain.encode("utf-8", "surrogatepass")
    return text(plain).encode()


def _plain(cell: object) -> Any:
    """numpy scalars and buffers as what Python has for them."""
    kind = type(cell)
    if kind in _BUILTIN:
        return cell
    if isinstance(cell, bytearray | memoryview):
        return bytes(cell)
    return cell.tolist() if kind.__module__ == "numpy" else cell  # type: ignore[attr-defined]


def _json(cell: object) -> str:
    try:
        return json.dumps(cell, ensure_ascii=False, sort_keys=True, default=_default)
    except TypeError:
        # keys that JSON does not have, or that do not compare
        return json.dumps([[_default(part) for part in pair] for pair in _pairs(cell)], ensure_ascii=False)


def _pairs(cell: object) -> Iterable[Iterable[object]]:
    if isinstance(cell, Mapping):
        return list(cell.items())
    return [[part] for part in cell]  # type: ignore[attr-defined]


def _default(part: object) -> object:
    return sorted(text(one) for one in part) if isinstance(part, set | frozenset) else text(part)
