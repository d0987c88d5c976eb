"""Judgement of allow lists: what they let through is told with its line, and so is what they let through no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from airflow_mlsecops.core.allow import Allow
from airflow_mlsecops.core.classification import Allowed, Classification
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.policy import Policy

ALLOWED, ENDED, FOREIGN = "ALLOW_LISTED", "ALLOW_ENDED", "ALLOW_OTHER_KEY"


def judge_allowed(
    classification: Classification,
    *,
    identity: str,
    policy: Policy,
    entities: Mapping[str, Entity],
    today: date,
    key: bytes | None,
) -> tuple[Finding, ...]:
    """Tell what an allow rule let through, and which rules about this dataset allow nothing any more.

    :param key: the secret that values were compared under; ``None`` where there was none
    """
    told = [_allowed(one, classification, policy, entities) for one in classification.allowed]
    return (*told, *_unsound(identity, policy, today, key))


def _allowed(one: Allowed, classification: Classification, policy: Policy, entities: Mapping[str, Entity]) -> Finding:
    column, entity = classification.column(one.column), entities.get(one.entity)
    return Finding(
        status=Status.PASS,
        code=ALLOWED,
        subject=one.column,
        reason=f"allowed by policy: {policy.allow[one.rule].reason}",
        severity=Severity.LOW,
        entity=one.entity,
        level=policy.level_of(entity) if entity else None,
        rows=one.rows,
        of=column.rows if column else classification.rows_scanned,
        rule=policy.where(f"allow.{one.rule}"),
    )


def _unsound(identity: str, policy: Policy, today: date, key: bytes | None) -> Iterator[Finding]:
    for index, rule in enumerate(policy.allow):
        if not rule.speaks_of(identity):
            continue
        if rule.ended(today):
            reason = f"this allow rule ended on {rule.until}: what it allowed counts again"
            yield _told(ENDED, index, rule, policy, reason, "remove the rule, or have a later date reviewed")
        elif foreign := rule.foreign(key):
            reason = (
                f"{foreign:,} of {len(rule.values):,} allowed values were keyed with another fingerprint secret than "
                "this one's: they allow nothing"
            )
            yield _told(FOREIGN, index, rule, policy, reason, _AGAIN)


_AGAIN = "print them again with `airflow-mlsecops policy allow-value` where the gates' fingerprint secret is"


def _told(code: str, index: int, rule: Allow, policy: Policy, reason: str, remedy: str) -> Finding:
    return Finding(
        status=Status.UNKNOWN,
        code=code,
        subject=f"allow rule {index + 1}, {rule.entity}",
        reason=reason,
        severity=Severity.MEDIUM,
        required=False,
        rule=policy.where(f"allow.{index}"),
        remedy=remedy,
    )
