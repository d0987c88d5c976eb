"""The command that ends one way in."""

from __future__ import annotations

from airflow_mlsecops.checks.grants._aws_commands import put_bucket, put_point, put_trust, shut_lists, take_away
from airflow_mlsecops.checks.grants._decide import Way
from airflow_mlsecops.checks.grants._estate import Estate
from airflow_mlsecops.checks.grants._narrowed import lets, narrowed, nobody, place, rest
from airflow_mlsecops.checks.grants._who import Who
from airflow_mlsecops.core.unseen import NotObserved


def undo(estate: Estate, who: Who, way: Way) -> str:
    """The command; empty where there is none that ends this way, or none that leaves what denies in its place."""
    if way.held is not None:
        return take_away(who, way.held)
    if way.acl:
        return shut_lists(estate.bucket)
    policy = way.point.policy if way.point else estate.bucket.policy
    if way.statement is None or policy is None or isinstance(policy.statements, NotObserved):
        return ""
    if policy.text:
        less = narrowed(policy, {place(policy, way.statement): rest(way.statement, (who,))})
        return put_point(way.point, less) if way.point else put_bucket(estate.bucket.name, less)
    if len(policy.statements) > 1:
        return ""  # the others, which may deny, would go with it
    return put_point(way.point, None) if way.point else put_bucket(estate.bucket.name, None)


def untaken(who: Who, role: Who) -> str:
    """The command after which a role can no longer be taken by somebody; empty where its trust was not kept."""
    trust = role.trust
    if trust is None or not trust.text or isinstance(trust.statements, NotObserved):
        return ""
    ends = {number: rest(one, (who,)) for number, one in enumerate(trust.statements) if lets(one, who)}
    return put_trust(role.arn, narrowed(trust, ends) or nobody())
