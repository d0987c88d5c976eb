"""How long work takes, counted in a fixed piece of work done beside it: a slow or busy machine slows both alike."""

from __future__ import annotations

import time
from collections.abc import Callable

TRIES = 3


def beats(work: Callable[[], object]) -> float:
    """How many beats some work takes; a hundred are about a second where one person works alone."""
    before = _beat()
    spent = processor_seconds(work)
    return spent / max(before, _beat())


def keeps_pace(work: Callable[[], object], most: float) -> bool:
    """Whether work takes at most so many beats, at one of three tries: what is slow by nature is slow each time."""
    return any(beats(work) <= most for _ in range(TRIES))


def _beat() -> float:
    return min(processor_seconds(_piece) for _ in range(3))


def processor_seconds(work: Callable[[], object]) -> float:
    """By the processor's clock, since that on the wall also counts what other processes do."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _piece() -> None:
    seen: dict[int, str] = {}
    for number in range(80_000):
        seen[number % 997] = str(number)
