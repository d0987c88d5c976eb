"""What is wrong with a policy folder, gathered so that all of it is said at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from airflow_mlsecops.core.errors import PolicyError
from airflow_mlsecops.core.words import printable


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing to mend.

    :param file: name relative to the folder; empty for the folder itself
    :param line: 1 for the first; 0 where no line is meant
    :param text: what is wrong, what was expected and what to do
    """

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.text}" if place else self.text


def refuse(mistakes: Iterable[Mistake], location: str) -> NoReturn:
    """Raise one error that names every mistake, in the order of files and lines.

    :raises PolicyError: always
    """
    lines = [str(mistake) for mistake in sorted(set(mistakes))]
    count = "1 mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
    raise PolicyError("\n".join([f"policy folder {location}: {count} to mend", *lines])) from None


def nearest(word: str, known: Iterable[str]) -> str:
    """``: did you mean 'features'?`` where a known name is close, else what the known names are."""
    known = sorted(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f": did you mean {close[0]!r}?"
    return f": expected one of {', '.join(known)}" if 0 < len(known) <= 12 else ""


def quoted(name: str) -> str:
    """A name from the folder as it may stand in a message: on one line, and short."""
    return f"'{printable(name, 80)}'"
