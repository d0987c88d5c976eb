"""Detector patterns in the syntax of the vectorised scan, exact or looser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from re import _parser as _syntax  # type: ignore[attr-defined]
from typing import Any

_PIECE = re.compile(r"\\.|.", re.DOTALL)
_CLASSES = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": r" \t\n\r\f\v",
}
_LEADING = re.compile(r"\A(?:\[(?:\\.|[^\]\\])*\]|\\?.)\*(?![?])", re.DOTALL)
_TRAILING = re.compile(r"(?:(?<!\\)\[(?:\\.|[^\]\\])*\]|(?<!\\)[^\\()\[\]{}|*+?^$])\*\Z", re.DOTALL)
_REPEATED = re.compile(r"\A(\[(?:\\.|[^\]\\])*\])\+(?![?])", re.DOTALL)
_COUNT = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\{([0-9]+)(,[0-9]*)?\}", re.DOTALL)


@lru_cache(maxsize=1024)
def ascii_pattern(pattern: str) -> str:
    r"""Spell out ``\d``, ``\w``, ``\s`` and ``\b`` as ASCII, which they would not be in Rust's dialect.

    :raises ValueError: for ``\B``, and for a negated class inside brackets: neither can be spelt out
    """
    return "".join(_spell(piece, bracket) for piece, bracket, _ in pieces(pattern))


@lru_cache(maxsize=1024)
def linear(pattern: str) -> Any:
    """The pattern for single texts of any length; it means the same, and takes time in proportion to the text."""
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(ascii_pattern(pattern).replace(r"(?-u:\b)", r"\b"), options)


@lru_cache(maxsize=1024)
def quick(pattern: str) -> re.Pattern[str]:
    """An anchored pattern for single cells of bounded length, ten times as fast as :func:`linear` on them."""
    word = "[0-9A-Za-z_]"
    edge = rf"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
    # Classes are spelt out and letters beyond ASCII have their two cases, as in the other engines.
    return re.compile(ascii_pattern(pattern).replace(r"(?-u:\b)", edge))


def by_line(pattern: str) -> str:
    """A pattern for cells that stand one after the other, as lines of a text of which only the first begins it."""
    anchors = {r"\A": "^", r"\z": "$"}
    lines = "".join(piece if bracket else anchors.get(piece, piece) for piece, bracket, _ in pieces(pattern))
    return "(?m)" + lines.replace(r"(?-u:\b)", r"\b")


@lru_cache(maxsize=1024)
def looser(pattern: str, most: int | None = None) -> str:
    """A pattern that matches somewhere in every text in which this one does, and is cheaper to search.

    What is optional at the start or end of an alternative decides nothing about *whether* there is a match, but each
    place where it may begin is one more state. Counts multiply states: beyond ``most`` repetitions any number will do.
    """
    bare = "|".join(map(_trimmed, split(ascii_pattern(pattern))))
    return bare if most is None else _COUNT.sub(lambda match: _at_most(match, most), bare)


def _trimmed(alternative: str) -> str:
    bare = _LEADING.sub("", alternative)
    # Of one or more, one is enough.
    return _TRAILING.sub("", _REPEATED.sub(r"\1", bare)) or bare


def _at_most(match: re.Match[str], most: int) -> str:
    if match[1]:
        return match[1]
    exact = match[3] is None and int(match[2]) <= most
    return match[0] if exact else f"{{{min(int(match[2]), most)},}}"


def split(pattern: str) -> Iterator[str]:
    """Split at every ``|`` that stands in no group."""
    start = place = 0
    for piece, bracket, depth in pieces(pattern):
        if piece == "|" and not bracket and depth == 0:
            yield pattern[start:place]
            start = place + 1
        place += len(piece)
    yield pattern[start:]


def pieces(pattern: str) -> Iterator[tuple[str, bool, int]]:
    """Characters and escapes, each with whether it stands in brackets and how many groups are open."""
    bracket, depth = False, 0
    for piece in _PIECE.findall(pattern):
        yield piece, bracket, depth
        if bracket:
            bracket = piece != "]"
        else:
            bracket = piece == "["
            depth += (piece == "(") - (piece == ")")


def _spell(piece: str, bracket: bool) -> str:
    letter = piece[1:]
    if letter == "b" and not bracket:
        return r"(?-u:\b)"
    if letter in _CLASSES:
        return _CLASSES[letter] if bracket else f"[{_CLASSES[letter]}]"
    if letter == "B" or (bracket and letter in ("D", "W", "S")):
        raise ValueError(f"{piece} cannot be used {'in brackets ' if bracket else ''}in a pattern: spell it out")
    if letter in ("D", "W", "S"):
        return f"[^{_CLASSES[letter.lower()]}]"
    return piece


@lru_cache(maxsize=1024)
def shortest_number(pattern: str) -> int | None:
    """How many digits a text of digits alone must have for a pattern to match in it; ``None`` if it never does.

    Numbers below are not even read as text. It is a lower bound by the pattern's own syntax: nothing can be missed.
    """
    return _shortest(_syntax.parse(pattern, re.ASCII))


def _shortest(parts: Sequence[tuple[Any, Any]]) -> int | None:
    lengths = [_shortest_of(str(kind), value) for kind, value in parts]
    known = [length for length in lengths if length is not None]
    return sum(known) if len(known) == len(lengths) else None


def _shortest_of(kind: str, value: Any) -> int | None:
    if kind == "LITERAL":
        return 1 if chr(value).isdigit() else None
    if kind == "IN":
        return 1 if _takes_digits(value) else None
    if kind == "BRANCH":
        lengths = [length for length in map(_shortest, value[1]) if length is not None]
        return min(lengths) if lengths else None
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, _, inner = value
        length = _shortest(inner)
        return 0 if least == 0 else None if length is None else least * length
    if kind == "SUBPATTERN":
        return _shortest(value[-1])
    # Anchors take no room; whatever else there is takes a digit.
    return 0 if kind == "AT" else 1


def _takes_digits(items: Sequence[tuple[Any, Any]]) -> bool:
    negated = str(items[0][0]) == "NEGATE"
    return negated or any(_takes_digit(str(kind), value) for kind, value in items)


def _takes_digit(kind: str, value: Any) -> bool:
    if kind == "LITERAL":
        return chr(value).isdigit()
    if kind == "RANGE":
        return bool(value[0] <= ord("9") and value[1] >= ord("0"))
    return True
