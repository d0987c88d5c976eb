"""Column names that a frame accepts."""

from __future__ import annotations

from collections.abc import Sequence


def unique_names(names: Sequence[str]) -> list[str]:
    """Names made distinct: a second ``a`` is ``a (2)``; one without a name is ``column[3]``, by its place."""
    named = [name or f"column[{place}]" for place, name in enumerate(names, start=1)]
    taken, seen = set(named), set[str]()
    return [_distinct(name, taken, seen) for name in named]


def _distinct(name: str, taken: set[str], seen: set[str]) -> str:
    candidate, count = name, 1
    while candidate in seen or (count > 1 and candidate in taken):
        count += 1
        candidate = f"{name} ({count})"
    seen.add(candidate)
    return candidate
