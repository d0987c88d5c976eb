"""Patterns of a policy folder, in the syntax that RE2, Rust's regex and this product's own reading take alike.

A pattern is searched by Rust's regex, validated by RE2, and read once more to derive what its matches need
(:mod:`airflow_mlsecops.scan.need`). Where the three part ways (``[[:alpha:]]``, ``[a-z&&[^b]]``, ``\\<``, ``{,3}``)
cells would be missed without a word, so such signs are refused. What is left runs in time linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from re import _parser as _syntax  # type: ignore[attr-defined]

from airflow_mlsecops.scan.pattern import ascii_pattern, linear, pieces

LONGEST = 2_000
DEEPEST = 20

_COUNT = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_BEYOND_ASCII = re.compile(r"\\x[89A-Fa-f]")
_LETTERS = frozenset("dwsDWSbAntrfvx")
_HEX = re.compile(r"[0-9A-Fa-f]{2}")


def fault(pattern: str) -> str:
    """Why a pattern cannot be used, as a sentence that begins with its subject's verb; empty if it can."""
    for look in (_size, _dialect, _spelt, _compiled_by_re2, _compiled_by_rust, _matches_nothing):
        wrong = look(pattern)
        if wrong:
            return wrong
    return ""


def _size(pattern: str) -> str:
    if not pattern:
        return "is empty"
    if len(pattern) > LONGEST:
        return f"holds {len(pattern):,} characters, at most {LONGEST:,}: cut it into several detectors"
    if max(depth for _, _, depth in pieces(pattern)) > DEEPEST:
        return f"nests groups deeper than {DEEPEST}"
    if unicodedata.normalize("NFKC", pattern) != pattern:
        return "holds characters that no cell is read with: cells are folded to NFKC (full-width digits are digits)"
    if "(?i" in pattern and not (pattern.isascii() and _BEYOND_ASCII.search(pattern) is None):
        return "uses (?i:…) with letters beyond ASCII: write both cases out"
    return ""


def _dialect(pattern: str) -> str:
    return next(_strange(pattern), "")


def _strange(pattern: str) -> Iterator[str]:
    """Every sign that not all readers take alike."""
    place, before = 0, ""
    for piece, bracket, _ in pieces(pattern):
        rest = pattern[place + len(piece) :]
        yield from _in_brackets(piece, before, rest) if bracket else _outside(piece, pattern[place:], rest)
        place, before = place + len(piece), piece


def _outside(piece: str, here: str, rest: str) -> Iterator[str]:
    if piece == "(" and rest.startswith("?") and not rest.startswith(("?:", "?i:")):
        yield "holds a group that begins with (? yet is neither (?:…) nor (?i:…): no others are known to all readers"
    if piece == "{" and not _COUNT.match(here):
        yield "holds a { that begins no count such as {3} or {2,5}: write \\{"
    if piece == "[" and rest.removeprefix("^").startswith("]"):
        yield "holds brackets that begin with ]: write \\]"
    yield from _escape(piece, rest, _LETTERS)


def _in_brackets(piece: str, before: str, rest: str) -> Iterator[str]:
    if piece == "[":
        yield "holds [ inside brackets (readers part over [[:alpha:]] and nested sets): write \\[, or the letters"
    if piece in "&-~" and before == piece:
        yield f"holds {piece * 2} inside brackets, which some readers take for an operator: write it once, or escaped"
    yield from _escape(piece, rest, _LETTERS - {"b", "A"})


def _escape(piece: str, rest: str, letters: frozenset[str]) -> Iterator[str]:
    sign = piece[1:]
    if not piece.startswith("\\"):
        return
    if not sign:
        yield "ends in a backslash"
    elif (sign.isalnum() or not sign.isascii() or sign in "<>_") and sign not in letters:
        yield f"holds {piece}, which not all readers know: spell it out"
    elif sign == "x" and not _HEX.match(rest):
        yield "holds \\x without two hexadecimal digits"


def _spelt(pattern: str) -> str:
    try:
        ascii_pattern(pattern)
    except ValueError as error:
        return f"cannot be used: {error}"
    return ""


def _compiled_by_re2(pattern: str) -> str:
    import re2

    return _compiled(lambda: linear(pattern), re2.error, "RE2")


def _compiled_by_rust(pattern: str) -> str:
    import polars as pl

    # In place of a text: an empty column would not be looked at.
    return _compiled(
        lambda: pl.Series([""]).str.contains(ascii_pattern(pattern)), pl.exceptions.ComputeError, "Rust's regex"
    )


def _compiled(build: Callable[[], object], error: type[Exception], reader: str) -> str:
    try:
        build()
    except error as wrong:
        return f"is refused by {reader}: {_reason(wrong)}"
    return ""


def _reason(error: Exception) -> str:
    """The one line of an error that says why; RE2 gives bytes, Rust draws the pattern first."""
    told = error.args[0] if error.args else ""
    text = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
    return next((line.removeprefix("error: ") for line in text.splitlines() if line.startswith("error: ")), text[:200])


def _matches_nothing(pattern: str) -> str:
    try:
        least, _ = _syntax.parse(pattern, re.ASCII).getwidth()
    except (re.error, OverflowError, RecursionError):
        return "is more than this product can read: write it more simply"
    return "" if least else "matches the empty string, hence everything: say what must be there"
