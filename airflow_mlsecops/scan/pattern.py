"""Detector patterns in the syntax of the vectorised scan, exact or looser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_PIECE = re.compile(r"\\.|.", re.DOTALL)
_CLASSES = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": r" \t\n\r\f\v",
}
_LEADING = re.compile(r"\A(?:\[(?:\\.|[^\]\\])*\]|\\?.)\*(?![?])", re.DOTALL)
_COUNT = re.compile(r"(\\.)|\{([0-9]+)(,[0-9]*)?\}", re.DOTALL)


@lru_cache(maxsize=1024)
def ascii_pattern(pattern: str) -> str:
    r"""Spell out ``\d``, ``\w``, ``\s`` and ``\b`` as ASCII, which they would not be in Rust's dialect.

    :raises ValueError: for ``\B``, and for a negated class inside brackets: neither can be spelt out
    """
    return "".join(_spell(piece, bracket) for piece, bracket, _ in _pieces(pattern))


@lru_cache(maxsize=1024)
def looser(pattern: str, most: int | None = None) -> str:
    """A pattern that matches somewhere in every text in which this one does, and is cheaper to search.

    What is optional at the start of an alternative decides nothing about *whether* there is a match, but each place
    where it may begin is one more state. Counts multiply states: beyond ``most`` repetitions any number will do.
    """
    bare = "|".join(_LEADING.sub("", alternative) for alternative in _alternatives(ascii_pattern(pattern)))
    return bare if most is None else _COUNT.sub(lambda match: _at_most(match, most), bare)


def _at_most(match: re.Match[str], most: int) -> str:
    if match[1]:
        return match[1]
    exact = match[3] is None and int(match[2]) <= most
    return match[0] if exact else f"{{{min(int(match[2]), most)},}}"


def _alternatives(pattern: str) -> Iterator[str]:
    """Split at every ``|`` that stands in no group."""
    start = place = 0
    for piece, bracket, depth in _pieces(pattern):
        if piece == "|" and not bracket and depth == 0:
            yield pattern[start:place]
            start = place + 1
        place += len(piece)
    yield pattern[start:]


def _pieces(pattern: str) -> Iterator[tuple[str, bool, int]]:
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
