"""Files of a dataset that the policy gives a rule of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.policy import STRICTEST, DatasetRule, Policy
from airflow_mlsecops.sources.tree import Tree

if TYPE_CHECKING:
    from airflow_mlsecops.sources.interface import Source


def under_other_rules(source: Source, policy: Policy) -> tuple[Skipped, ...]:
    """What to say where a folder or a symbolic link leads into a dataset with another rule.

    Such files were looked at, yet not by the rule that is theirs: naming the folder above, or a link to it, must not
    choose a laxer one. A place that no rule declares has none of its own, and a rule that asks for the same stage, tier
    and environment is no other one: a convention (``**/raw/**``) also speaks of what a folder's own line declares.
    """
    own, _ = policy.rule_for(source.identity)
    if own is STRICTEST or not isinstance(source, Tree):
        return ()
    there = (policy.rule_for(place)[0] for place in source.places())
    apart = sum(rule is not STRICTEST and (_care(rule) != _care(own) or _leave_differs(rule, own)) for rule in there)
    if not apart:
        return ()
    detail = f"{apart:,} files belong to a dataset of their own: the policy has another rule for them; gate it by name"
    return (Skipped(code="OTHER_RULE", detail=detail),)


def _care(rule: DatasetRule) -> tuple[str, str, str]:
    return rule.stage, rule.tier, rule.environment


def _leave_differs(rule: DatasetRule, own: DatasetRule) -> bool:
    """True if a rule says who may use its dataset, and not what the other says; a convention says nothing of it."""
    said = (rule.purposes, rule.applications, rule.tolerate)
    return bool(rule.purposes or rule.applications) and said != (own.purposes, own.applications, own.tolerate)
