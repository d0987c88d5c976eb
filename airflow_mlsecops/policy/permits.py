"""Why no permit matched: each part of a permit, asked by itself.

Cedar names the rules that decided. Where none did it names nothing, and whoever is denied learns nothing. So the parts
of each permit (who, what, and what stands between the ``&&`` of its conditions) become permits of their own, in the
words of the file, cut between its tokens: Cedar says which of them hold. What they say decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from airflow_mlsecops.core.access import UnmetPermit
from airflow_mlsecops.core.words import printable
from airflow_mlsecops.policy.clauses import Clause, clauses

# At most so many are asked, so that a denial by thousands of permits takes no longer than a decision.
MOST = 20
_LONGEST = 160
_FAILING = re.compile(r"evaluating policy `(policy\d+)`")


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit of the file.

    :param actions: those that it speaks of; empty: all
    :param text: its statement
    """

    id: str
    line: int
    actions: frozenset[str]
    text: str

    def speaks_of(self, action: str) -> bool:
        """Whether the permit could allow that action."""
        return not self.actions or action in self.actions


class Permits:
    """The permits of one file, ready to be asked part by part."""

    def __init__(self, permits: Sequence[Permit]) -> None:
        self._permits = tuple(permits)
        self._cut: dict[str, tuple[_Cut, int]] = {}

    def unmet(self, action: str, question: Any, entities: Any, schema: Any) -> tuple[tuple[UnmetPermit, ...], int]:
        """The permits for an action with what of each does not hold, and how many more there are.

        :param question: as Cedar was asked it; with ``entities`` and ``schema`` Cedar's own handles
        """
        if action not in self._cut:
            there = [permit for permit in self._permits if permit.speaks_of(action)]
            self._cut[action] = _Cut(there[:MOST]), len(there[MOST:])
        cut, more = self._cut[action]
        return cut.ask(question, entities, schema), more


class _Cut:
    """Some permits, cut into their parts."""

    def __init__(self, permits: Sequence[Permit]) -> None:
        self._parts = [(permit, clauses(permit.text)) for permit in permits]

    @cached_property
    def _policies(self) -> Any:
        from cedarpy import PolicySet

        return PolicySet.from_str("\n".join(clause.rule for _, cut in self._parts for clause in cut))

    def ask(self, question: Any, entities: Any, schema: Any) -> tuple[UnmetPermit, ...]:
        """What of each does not hold."""
        from cedarpy import is_authorized

        if not any(cut for _, cut in self._parts):
            return tuple(_unmet(permit, ()) for permit, _ in self._parts)
        said = is_authorized(question, self._policies, entities, schema).diagnostics
        # Asked alone, a part may lack the guard before it (`has`): what cannot be evaluated is not said to fail.
        failing = {name for error in said.errors for name in _FAILING.findall(error)}
        return tuple(self._judged({*said.reasons} | failing))

    def _judged(self, holding: set[str]) -> Iterator[UnmetPermit]:
        number = 0
        for permit, cut in self._parts:
            names = [f"policy{number + index}" for index in range(len(cut))]
            number += len(cut)
            yield _unmet(permit, [clause for clause, name in zip(cut, names, strict=True) if name not in holding])


def _unmet(permit: Permit, needs: Sequence[Clause]) -> UnmetPermit:
    return UnmetPermit(id=permit.id, line=permit.line, needs=tuple(printable(need.says, _LONGEST) for need in needs))
