"""JSON in cells, of which some leaves change and all else stays: order, keys given twice, the digits of numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

Step = str
"""``.name`` of an entry of objects, or ``[]`` for the items of arrays."""
Change = Callable[["pl.Series"], "pl.Series | None"]
"""What becomes of some texts: one each, or ``None`` if they go with their place."""

_STEP = r"\.[^.\[\]{}]+|\[\]"
_STEPS = re.compile(rf"(?:{_STEP})+")
_OPENED = r"^[\s\x{FEFF}]*[\[{]"
_BEFORE = " \t\r\n\v\f\ufeff"
_INTEGER = re.compile(r"-?[0-9]+")
_FARTHEST = 400


class _Gone:
    """Stands where something was that goes with its place."""


_GONE = _Gone()


class _Object(list[list[Any]]):
    """An object as pairs of key and value, each key as often as it is given."""


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


class _Document:
    """A text that should be JSON; no repr, since it holds the data.

    :ivar held: the one value that it holds; the text itself where it is no JSON
    """

    __slots__ = ("_text", "broken", "held", "touched")

    def __init__(self, text: str) -> None:
        self._text = text
        self.touched = self.broken = False
        try:
            self.held = [_DECODER.decode(text.lstrip(_BEFORE))]
        except (ValueError, RecursionError):
            self.held, self.broken = [text], True

    @property
    def text(self) -> str | None:
        """As it now is; what was not touched is as it was."""
        (value,) = self.held
        if not self.touched:
            return self._text
        if self.broken:
            return value if isinstance(value, str) else None
        try:
            return _written(value)
        except RecursionError:
            return None


_DECODER = json.JSONDecoder(
    object_pairs_hook=lambda pairs: _Object(map(list, pairs)),
    parse_int=_Number,
    parse_float=_Number,
    parse_constant=_Number,
)
_AS_IT_STANDS, _ESCAPED = json.JSONEncoder(ensure_ascii=False).encode, json.JSONEncoder().encode
_Slot = tuple[list[Any], int]


def steps_of(inner: str) -> tuple[Step, ...] | None:
    """The steps of a path inside JSON: ``.user``, ``.id``; ``None`` if it is no such path."""
    return tuple(re.findall(_STEP, inner)) if _STEPS.fullmatch(inner) else None


def rewritten(cells: pl.Series, changes: Sequence[tuple[tuple[Step, ...], Change]]) -> pl.Series:
    """Texts of which those that are JSON are changed at some paths; a cell without these places stays as it is.

    What begins as JSON and is none is changed as a whole, be it a cell or a text inside one: nobody can tell what it
    holds.
    """
    opened = cells.str.contains(_OPENED).fill_null(False).arg_true()
    documents = [_Document(cell) for cell in cells.gather(opened).to_list()]
    for steps, change in changes:
        _change([slot for one in documents for slot in _slots(one, steps)], change)
    return cells.clone().scatter(opened, [one.text for one in documents]) if len(opened) else cells


def _slots(document: _Document, steps: tuple[Step, ...]) -> Iterator[_Slot]:
    for slot in _inside(document.held, 0, () if document.broken else steps):
        document.touched = True
        yield slot


def _inside(holder: list[Any], index: int, steps: tuple[Step, ...]) -> Iterator[_Slot]:
    value = holder[index]
    if steps and isinstance(value, str) and value.lstrip(_BEFORE)[:1] in ("{", "["):
        holder[index] = value = _Document(value)
    if not steps:
        if value is not None and value is not _GONE and not isinstance(value, list):
            yield holder, index
    elif isinstance(value, _Document):
        yield from _slots(value, steps)
    elif isinstance(value, _Object):
        for pair in value:
            if f".{pair[0]}" == steps[0]:
                yield from _inside(pair, 1, steps[1:])
    elif isinstance(value, list) and steps[0] == "[]":
        for place in range(len(value)):
            yield from _inside(value, place, steps[1:])


def _change(slots: Sequence[_Slot], change: Change) -> None:
    import polars as pl

    made = change(pl.Series([_said(holder[index]) for holder, index in slots], dtype=pl.String))
    for (holder, index), new in zip(slots, [_GONE] * len(slots) if made is None else made.to_list(), strict=True):
        holder[index] = new


def _said(value: Any) -> str | None:
    """The text of a leaf, as the same value in a column of its own would have it."""
    if isinstance(value, _Document):
        return value.text
    if isinstance(value, _Number):
        return _digits(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    # A lone surrogate has no UTF-8.
    return value if value is None or value.isascii() else _paired(value)


def _paired(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _digits(number: str) -> str:
    if _INTEGER.fullmatch(number) or not number.strip("-")[:1].isdigit():
        return "0" if number == "-0" else str(number)
    try:
        exact = Decimal(number)
    except InvalidOperation:
        return str(number)
    if abs(exact.adjusted()) > _FARTHEST:
        return str(number)
    written = format(exact, "f")
    trimmed = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if trimmed in ("-0", "") else trimmed


def _written(value: Any) -> str:
    if isinstance(value, _Object):
        return "{" + ", ".join(f"{_quoted(key)}: {_written(one)}" for key, one in value if one is not _GONE) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_written(one) for one in value if one is not _GONE) + "]"
    if isinstance(value, _Document):
        return _quoted(value.text)
    return str(value) if isinstance(value, _Number) else _quoted(value)


def _quoted(value: str | bool | None) -> str:
    # Half of a pair has no UTF-8, so it has to stay an escape.
    paired = not isinstance(value, str) or value.isascii() or _paired(value) == value
    return _AS_IT_STANDS(value) if paired else _ESCAPED(value)
