"""One alternative of a detector's pattern, and automata that tell of several at once in which texts they may match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from airflow_mlsecops.core.detector import Detector, whole
from airflow_mlsecops.scan.need import Need
from airflow_mlsecops.scan.pattern import by_line, looser
from airflow_mlsecops.scan.runs import LONGEST_GAP
from airflow_mlsecops.scan.syntax import GAP

DIGITS, TOKEN = 9, 16
"""So many digits in a row, and so long a token, are worth looking for."""
# Beyond this many repetitions the states of several patterns together no longer fit the automaton's cache.
_COUNTED = 4
_STATES, _STATES_OF_ONE = 32 << 20, 8 << 20
_GAP = "".join(re.escape(sign) for sign in sorted(GAP))


@dataclass(frozen=True, eq=False)
class Clause:
    """One alternative of one detector's pattern; what follows from it is worked out once, not for each batch."""

    detector: Detector
    pattern: str
    need: Need

    @cached_property
    def at_once(self) -> bool:
        """True if its detector tells of many cells at once."""
        detector = self.detector
        return detector.bulk is not None or detector.sure is not None or detector.find is whole

    @cached_property
    def gate(self) -> str:
        """What tells it soonest from other text."""
        if self.need.token >= TOKEN:
            return "token"
        if self.need.digits >= DIGITS:
            return "digits"
        return "words" if self.need.words and all(map(_rare, self.need.words)) else "itself"


def _rare(word: str) -> bool:
    return len(word.encode()) >= 3 or "$" in word


def digits_in_a_row(count: int) -> str:
    """A pattern for so many digits with short gaps."""
    return rf"[0-9](?:[{_GAP}]{{0,{LONGEST_GAP}}}[0-9]){{{count - 1}}}"


def token_of(count: int) -> str:
    """A pattern for so many letters, digits, underscores and hyphens."""
    return rf"[0-9A-Za-z_\-]{{{count}}}"


@lru_cache(maxsize=1024)
def any_of(patterns: tuple[str, ...]) -> Any:
    """An automaton for any of some patterns, loosened, with room for more states than other engines have."""
    import re2

    options = _options(_STATES if len(patterns) > 1 else _STATES_OF_ONE)
    return re2.compile(by_line("|".join(f"(?:{looser(pattern, _COUNTED)})" for pattern in patterns)).encode(), options)


def which_of(patterns: tuple[str, ...]) -> Callable[[str], Iterable[int]]:
    """What tells which of some patterns, loosened, a text may hold, after one look at it."""
    import re2

    together = re2.Set.SearchSet(_options(_STATES))
    for pattern in patterns:
        together.Add(by_line(looser(pattern, _COUNTED)).encode())
    # Nothing is in every text: where not even that is found, the automaton had no room to look.
    nothing, every = together.Add(b""), range(len(patterns))
    try:
        together.Compile()
    except re2.error:
        return lambda _: every

    def which(text: str) -> Iterable[int]:
        found = together.Match(text.encode())
        return every if found is None else [one for one in found if one != nothing]

    return which


def _options(memory: int) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = memory
    return options
