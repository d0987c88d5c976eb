"""The last runs as a strip of marks: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from airflow_mlsecops.core.frozen import Frozen

_STEP = 12
_RAN = {
    "fail": "failed",
    "unknown": "unknown",
    "waived": "passed with a waiver",
    "pass": "passed",
    "none": "did not run",
}


class Strip(Frozen):
    """The last runs, oldest first.

    :param marks: with the place of each, in pixels from the left
    :param says: the same in words
    """

    marks: tuple[tuple[int, str], ...]
    says: str

    @property
    def width(self) -> int:
        """In pixels."""
        return len(self.marks) * _STEP - 2


def strip_of(ran: Sequence[str], most: int) -> Strip:
    """The strip of what runs came to, oldest first; runs that were not there are dots.

    :param ran: ``fail``, ``unknown``, ``waived``, ``pass`` or ``none``
    :param most: marks of the strip
    """
    marks = ["none"] * (most - len(ran)) + list(ran[-most:])
    return Strip(marks=tuple((place * _STEP, mark) for place, mark in enumerate(marks)), says=_says(ran))


def _says(ran: Sequence[str]) -> str:
    if not ran:
        return "No run is known."
    counted = ", ".join(f"{count} {word}" for word, count in Counter(_RAN[mark] for mark in ran).items())
    runs = f"The last {len(ran)} runs, oldest first" if len(ran) > 1 else "The only run"
    return f"{runs}: {counted}. The newest: {_RAN[ran[-1]]}."
