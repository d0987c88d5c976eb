"""How IAM's patterns lie to one another: the objects of one among those of another, or some of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from airflow_mlsecops.checks.grants._truth import Truth

Steps = Callable[[str, str, int, int], Iterator[tuple[int, int]]]


@lru_cache(maxsize=65536)
def within(inner: str, outer: str) -> Truth:
    """True if all that one pattern stands for is in another, false if nothing is, else nobody can tell."""
    if _walks(outer, inner, _covered):
        return True
    return None if _walks(outer, inner, _shared) else False


def _walks(outer: str, inner: str, steps: Steps) -> bool:
    """True if both patterns can be walked to their ends together; each pair of places is visited once."""
    todo: list[tuple[int, int]] = [(0, 0)]
    seen: set[tuple[int, int]] = set()
    while todo:
        place = todo.pop()
        if place == (len(outer), len(inner)):
            return True
        if place not in seen:
            seen.add(place)
            todo.extend(steps(outer, inner, *place))
    return False


def _covered(outer: str, inner: str, i: int, j: int) -> Iterator[tuple[int, int]]:
    if i < len(outer) and outer[i] == "*":
        yield i + 1, j
        if j < len(inner):
            yield i, j + 1
    elif i < len(outer) and j < len(inner) and inner[j] != "*" and outer[i] in ("?", inner[j]):
        yield i + 1, j + 1


def _shared(outer: str, inner: str, i: int, j: int) -> Iterator[tuple[int, int]]:
    a, b = outer[i : i + 1], inner[j : j + 1]
    if a == "*":
        yield i + 1, j
    if b == "*":
        yield i, j + 1
    if a == "*" and b and b != "*":
        yield i, j + 1
    if b == "*" and a and a != "*":
        yield i + 1, j
    if a and b and "*" not in (a, b) and (a == b or "?" in (a, b)):
        yield i + 1, j + 1
