r"""What every match of a pattern needs, read off its syntax: digits in a row, a long token, or one of some words.

A cell without what a pattern needs cannot match it. Each need is a lower bound that holds for every text the pattern
takes: nothing is missed, and nothing of it is written by hand. The property tests draw matches to prove it.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from re import _parser as _syntax  # type: ignore[attr-defined]

from airflow_mlsecops.scan.pattern import pieces, split
from airflow_mlsecops.scan.runs import run_of
from airflow_mlsecops.scan.syntax import DIGITS, GAP, TOKEN, plain_fits, sets
from airflow_mlsecops.scan.words import words_of

_SETS = 12
_FLAGS = re.compile(r"\(\?([a-z]+)\)")


class Need:
    """What a text must have for a pattern to match in it, each part worked out once it is asked for.

    :param length: so many characters
    """

    def __init__(self, pattern: str) -> None:
        parsed = _syntax.parse(pattern, re.ASCII)
        self._nodes = tuple(parsed)
        self.length = int(parsed.getwidth()[0])

    @cached_property
    def digits(self) -> int:
        """So many digits, parted by at most three characters of ``GAP`` each."""
        return run_of(self._nodes, DIGITS, GAP)

    @cached_property
    def token(self) -> int:
        """So many characters of ``TOKEN`` in a row."""
        return run_of(self._nodes, TOKEN, frozenset())

    @cached_property
    def words(self) -> frozenset[str]:
        """One of these, in any case; empty if no words are needed."""
        words = words_of(self._nodes)
        # Capital sigma has two small forms, which one fits depends on what follows.
        usable = words is not None and not any(set("σςΣ") & set(word) or not word.strip() for word in words)
        return frozenset(word.lower() for word in words or ()) if usable else frozenset()

    @cached_property
    def marked(self) -> bool:
        """A character that is not one of ``PLAIN``."""
        return not plain_fits(self._nodes)

    @cached_property
    def sets(self) -> tuple[frozenset[str], ...]:
        """One character of each of these; ``OTHER`` stands for all beyond ASCII."""
        return tuple(sorted(set(sets(self._nodes, fold=False)), key=lambda one: (len(one), sorted(one)))[:_SETS])


@lru_cache(maxsize=2048)
def need(pattern: str) -> Need:
    """What every match of a pattern needs."""
    return Need(pattern)


def alternatives(pattern: str) -> tuple[str, ...]:
    """The alternatives of a pattern, each a pattern of its own; those of a group that it begins with, too."""
    flags = _FLAGS.match(pattern)
    if flags:
        return (f"(?{flags[1]}:{pattern[flags.end() :]})",)
    parts = tuple(split(pattern))
    if len(parts) > 1:
        return tuple(inner for part in parts for inner in alternatives(part))
    end = _first_group(pattern)
    inner = tuple(split(pattern[3 : end - 1])) if end else ()
    if len(inner) < 2 and end != len(pattern):
        return parts
    return tuple(one for part in inner for one in alternatives(f"{part}{pattern[end:]}"))


def _first_group(pattern: str) -> int:
    """Where a plain group ends that a pattern begins with and that stands there once; 0 if there is none."""
    place = 0
    for piece, bracket, depth in pieces(pattern) if pattern.startswith("(?:") else ():
        place += len(piece)
        if piece == ")" and not bracket and depth == 1:
            return 0 if pattern[place : place + 1] in ("*", "+", "?", "{") else place
    return 0
