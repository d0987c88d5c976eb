"""Shapes of cells: ``0`` for each digit, ``a`` for each small letter, ``A`` for each capital.

Columns of codes and numbers have few shapes. A pattern that matches in a text also matches in its shape, once what the
pattern takes is put the same way. So one look at each shape tells of most patterns that they match in no such cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from re import _parser as _syntax  # type: ignore[attr-defined]
from typing import Any

from airflow_mlsecops.scan.pattern import ascii_pattern
from airflow_mlsecops.scan.syntax import Node

LONGEST = 64
"""Cells with more characters than that are sentences, of which no two have the same shape."""
_ASCII = frozenset(map(chr, range(128)))
_LETTERS = {
    **dict.fromkeys("0123456789", "0"),
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "a"),
    **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A"),
}
_TABLE = bytes(ord(_LETTERS.get(chr(code), chr(code))) for code in range(256))
_MANY = 8_192
_SHORT = 1 << 16
_AT = {
    "AT_BEGINNING": "^",
    "AT_BEGINNING_STRING": "^",
    "AT_END": "$",
    "AT_END_STRING": "$",
    "AT_BOUNDARY": r"\b",
}


def shapes_of(texts: bytes) -> bytes | None:
    """The shapes of some lines, each once; ``None`` if they are many."""
    lines = _distinct(texts.translate(_TABLE))
    return b"\n".join(sorted(lines)) if sum(map(len, lines)) <= _MANY else None


def _distinct(text: bytes) -> set[bytes]:
    """Each line of a text once; of many lines in Arrow, in a quarter of the time that Python takes."""
    if len(text) < _SHORT:
        return set(text.split(b"\n"))
    import numpy as np
    import pyarrow as pa

    begins = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")) + 1
    bounds = np.concatenate(([0], begins, [len(text)])).astype(np.int64)
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(text)]
    lines = pa.Array.from_buffers(pa.large_binary(), len(bounds) - 1, buffers).unique()
    return {line.removesuffix(b"\n") for line in lines.to_pylist()}


def fits(pattern: str, shapes: bytes) -> bool:
    """False if a pattern matches in no text of some shapes.

    :param shapes: one to a line
    """
    automaton = _automaton(pattern)
    return automaton is None or automaton.search(shapes) is not None


@lru_cache(maxsize=2048)
def _automaton(pattern: str) -> Any:
    """What takes the shape of every text that a pattern takes; ``None`` if that cannot be told."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(f"(?m){shaped(pattern)}".encode(), options)
    except (ValueError, re2.error):
        return None


def shaped(pattern: str) -> str:
    """A pattern for the shapes of all texts in which a pattern matches.

    :raises ValueError: for syntax of which that cannot be told
    """
    return _nodes(_syntax.parse(ascii_pattern(pattern).replace(r"(?-u:\b)", r"\b"), re.ASCII), fold=False)


def _nodes(nodes: Iterable[Node], *, fold: bool) -> str:
    return "".join(_node(str(kind), value, fold=fold) for kind, value in nodes)


def _node(kind: str, value: Any, *, fold: bool) -> str:
    if kind == "SUBPATTERN":
        _, added, taken, inner = value
        return f"(?:{_nodes(inner, fold=(fold or bool(added & re.IGNORECASE)) and not taken & re.IGNORECASE)})"
    if kind == "BRANCH":
        return f"(?:{'|'.join(_nodes(branch, fold=fold) for branch in value[1])})"
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        return f"(?:{_nodes(value[2], fold=fold)}){_count(int(value[0]), int(value[1]))}"
    if kind == "AT" and str(value) in _AT:
        return _AT[str(value)]
    return _class(_taken(kind, value), fold=fold)


def _count(least: int, most: int) -> str:
    return f"{{{min(least, LONGEST)},{most if most <= LONGEST else ''}}}"


def _class(taken: frozenset[str], *, fold: bool) -> str:
    # Beyond ASCII are letters whose other case is in it.
    cases = {case for one in taken for case in (one, one.lower(), one.upper())} if fold else taken
    letters = "aA" if fold and not taken <= _ASCII else ""
    shapes = {_LETTERS.get(one, one) for one in cases & _ASCII} | set(letters)
    return f"[{''.join(map(_escaped, sorted(shapes)))}]" if shapes else r"[^\x00-\x7f]"


def _escaped(letter: str) -> str:
    return rf"\x{ord(letter):02x}"


def _taken(kind: str, value: Any) -> frozenset[str]:
    """The characters in ASCII that an element takes, and some beyond if it takes any there."""
    if kind == "LITERAL":
        return frozenset(chr(value))
    if kind == "NOT_LITERAL":
        return _ASCII - {chr(value)}
    if kind == "ANY":
        return _ASCII - {"\n"}
    if kind != "IN":
        raise ValueError(kind)
    items = [(str(item), what) for item, what in value]
    inside = frozenset().union(*(_listed(item, what) for item, what in items if item != "NEGATE"))
    return _ASCII - inside if items[0][0] == "NEGATE" else inside


def _listed(item: str, what: Any) -> frozenset[str]:
    if item == "LITERAL":
        return frozenset(chr(what))
    if item == "RANGE":
        return frozenset(map(chr, range(what[0], min(what[1], 128) + 1))) | {chr(what[1])}
    raise ValueError(item)
