"""What the syntax of a pattern tells of single characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

Node = tuple[Any, Any]
"""An element of a parsed pattern: its kind, and what it consists of."""

DIGITS = frozenset("0123456789")
GAP = frozenset(" .()-/+,:_#")
"""What may part the digits of one number."""
TOKEN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-")
PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ,.'")
"""What names and ordinary words consist of."""
OTHER = "\u0080"
"""Stands for every character beyond ASCII."""


def characters(kind: str, value: Any) -> frozenset[str] | None:
    """The characters an element takes; ``None`` if they are too many to list."""
    if kind == "LITERAL":
        return frozenset(chr(value))
    if kind != "IN":
        return None
    found: set[str] = set()
    for item, what in value:
        if str(item) == "LITERAL":
            found.add(chr(what))
        elif str(item) == "RANGE" and what[1] - what[0] < 128:
            found.update(map(chr, range(what[0], what[1] + 1)))
        elif str(item) == "CATEGORY" and str(what) == "CATEGORY_DIGIT":
            found |= DIGITS
        else:
            return None
    return frozenset(found)


def plain_fits(nodes: Iterable[Node]) -> bool:
    """True if a text of ``PLAIN`` alone could match."""
    return all(_plain_fits_node(str(kind), value) for kind, value in nodes)


def _plain_fits_node(kind: str, value: Any) -> bool:
    if kind == "LITERAL":
        return chr(value) in PLAIN
    if kind == "IN":
        found = characters(kind, value)
        return found is None or bool(found & PLAIN)
    if kind == "BRANCH":
        return any(map(plain_fits, value[1]))
    if kind == "SUBPATTERN":
        return plain_fits(value[-1])
    return value[0] == 0 or plain_fits(value[2]) if kind.endswith("_REPEAT") else True


def sets(nodes: Iterable[Node], *, fold: bool) -> Iterator[frozenset[str]]:
    """Sets of which every match has a character each."""
    for node in nodes:
        yield from _sets_of(str(node[0]), node[1], fold=fold)


def _likelihood(characters: frozenset[str]) -> tuple[bool, int]:
    """Small for a set that few texts have a character of."""
    return bool(characters & (DIGITS | GAP)), len(characters)


def _sets_of(kind: str, value: Any, *, fold: bool) -> Iterator[frozenset[str]]:
    if kind == "SUBPATTERN":
        yield from sets(value[-1], fold=fold or bool(value[1] & re.IGNORECASE))
    elif kind.endswith("_REPEAT"):
        if value[0]:
            yield from sets(value[2], fold=fold)
    elif kind == "BRANCH":
        # A match takes one branch: it has a character of one set of each.
        inner = [min(sets(branch, fold=fold), key=_likelihood, default=None) for branch in value[1]]
        if all(one is not None for one in inner):
            yield frozenset().union(*(one for one in inner if one is not None))
    elif kind in ("LITERAL", "IN"):
        found = characters(kind, value)
        if found is not None:
            both = {case for c in found for case in ((c.lower(), c.upper()) if fold else (c,))}
            yield frozenset(c if c < OTHER else OTHER for c in both)
