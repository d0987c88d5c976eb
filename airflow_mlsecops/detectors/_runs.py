"""What several detectors ask of the run of characters around a candidate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import wraps

# Random digits and letters in such number that every kind of check passes now and then.
UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_LETTERS_BEFORE = re.compile(r"[0-9][A-Za-z]*\Z")
_LETTERS_AFTER = re.compile(r"[A-Za-z]*[0-9]")


def alone(run: str, start: int, end: int) -> bool:
    """True if the word around ``run[start:end]`` has no digit elsewhere.

    ``VISA4111111111111111`` is a card; sixteen digits inside a hash or an encoded blob are chance.
    """
    # Words of a hash are short: looking at 64 characters keeps a hostile cell from costing its length squared.
    return not (_LETTERS_BEFORE.search(run[max(0, start - 64) : start]) or _LETTERS_AFTER.match(run[end : end + 64]))


def holds(values: Callable[[str], Iterable[str]]) -> Callable[[str], bool]:
    """A validator: true if there is any value in a candidate."""

    # Wrapped, so that it counts as part of its detector's module: the ruleset digests that module's source.
    @wraps(values)
    def validate(candidate: str) -> bool:
        return next(iter(values(candidate)), None) is not None

    return validate


def varied(text: str, distinct: int) -> bool:
    """True if text has that many distinct characters: a placeholder (``xxxx``, ``0000``) has fewer."""
    return len(set(text)) >= distinct
