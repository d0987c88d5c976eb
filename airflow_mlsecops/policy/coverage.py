"""Which rules of ``access.cedar`` the policy's own tests would miss if somebody took them out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from airflow_mlsecops.policy.cases import CaseResult
from airflow_mlsecops.policy.cedar import AccessRules, Rule


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many rules are guarded by cases.

    :param guarded: rules without which a case would fail
    :param unguarded: the others: nobody would notice if one of them were gone
    """

    guarded: tuple[Rule, ...]
    unguarded: tuple[Rule, ...]

    @property
    def percent(self) -> float:
        """Share of the rules that are guarded, 0 to 100."""
        return 100 * len(self.guarded) / (len(self.guarded) + len(self.unguarded))


def coverage(access: AccessRules, results: Iterable[CaseResult]) -> Coverage:
    """Which rules the cases guard; a case that fails guards none."""
    guarded = {rule for result in results for rule in result.guards}
    return Coverage(
        tuple(rule for rule in access.rules if rule.id in guarded),
        tuple(rule for rule in access.rules if rule.id not in guarded),
    )
