"""Whether two names are of one person: nobody approves what they asked for under another spelling."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def same_person(one: str, other: str) -> bool:
    """True if two names may be of one person; only to refuse by, never to let somebody in.

    Neither case, blanks around it nor the width of its letters makes another person of a name, and ``ann@example.org``
    may be ``ann``: a shell knows people by the latter where Airflow may know them by the former.
    """
    first, second = _plain(one), _plain(other)
    if "@" in first and "@" in second:
        return first == second
    return first.partition("@")[0] == second.partition("@")[0]


def among(name: str, people: Iterable[str]) -> bool:
    """True if a name may be of one of these people."""
    return any(same_person(name, one) for one in people)


def _plain(name: str) -> str:
    # Once more after folding: what it makes of a letter may be written in two ways.
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).strip()
