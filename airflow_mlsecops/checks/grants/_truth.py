"""True, false, or nobody can tell (``None``): in doubt neither side wins."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def all_of(truths: Iterable[Truth]) -> Truth:
    """True if all are; false as soon as one is."""
    so_far: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            so_far = None
    return so_far


def any_of(truths: Iterable[Truth]) -> Truth:
    """True as soon as one is; false if all are."""
    so_far: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is None:
            so_far = None
    return so_far


def no(truth: Truth) -> Truth:
    """The opposite; what nobody can tell stays so."""
    return None if truth is None else not truth


def perhaps(truth: Truth) -> Truth:
    """What is not false, but no more than possible."""
    return None if truth else truth
