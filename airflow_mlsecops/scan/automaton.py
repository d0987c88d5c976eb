"""Automata that tell in which texts several patterns may match."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from airflow_mlsecops.scan.pattern import by_line, looser

# Beyond this many repetitions the states of several patterns together no longer fit the automaton's cache.
_COUNTED = 4
_STATES, _STATES_OF_ONE = 32 << 20, 8 << 20


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
