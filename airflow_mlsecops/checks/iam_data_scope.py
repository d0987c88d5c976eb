"""No role of this environment may read a bucket that is not its own, by its own policies.

Every resource of every statement that allows to read objects counts, and a pattern counts for all that it may stand
for: a star runs across ``/`` and, at the end of a part, across ``:``
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html). The only condition that
holds a pattern is one on the account that owns the bucket. What a bucket's own policy, a boundary or a Deny refuses is
not taken off. An access point does not say whose bucket it opens, and is none of ours; directory buckets are not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import each, fits, listed, profile
from airflow_mlsecops.checks._iam import READS_POLICIES, arn_parts, grants, held_to, literal
from airflow_mlsecops.checks._scope import no_role, role_names
from airflow_mlsecops.checks._statements import Statement
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_READS = ("s3:GetObject", "s3:GetObjectVersion")
_OWNER = ("s3:resourceaccount", "aws:resourceaccount")
_ANY = "*"


def _ask(name: str, facts: Facts, demand: Demand) -> Answer:
    ours = listed(profile(demand).buckets, "buckets")
    accounts = frozenset(profile(demand).accounts)
    expected = "bucket " + " or ".join(sorted(ours))
    reading = [grant for grant in grants(name, facts, demand) if any(map(grant.statement.does, _READS))]
    strange = [
        f"{grant.name}: {bucket}"
        for grant in reading
        if not _held_to_owner(grant.statement, accounts)
        for bucket in _reach(grant.statement)
        if not fits(bucket, ours)
    ]
    if strange:
        reason = f"the role may read {len(strange):,} places in S3 that are not this environment's"
        return failed(name, reason, expected=expected, got="; ".join(sorted(strange)))
    return passed(name, "the role may read nothing in S3 but this environment's buckets", expected=expected)


def _held_to_owner(statement: Statement, accounts: frozenset[str]) -> bool:
    owners = (held_to(statement, key) for key in _OWNER)
    return any(named and accounts.issuperset(named) for named in owners)


def _reach(statement: Statement) -> Iterator[str]:
    """Buckets that it speaks of; patterns end in a star."""
    if statement.not_resources:
        yield _ANY
    for resource in statement.resources:
        parts = arn_parts(resource)
        if literal("".join(parts[:3])) and parts[2] != "s3":
            continue
        in_full = literal("".join(parts[:5])) and not any(parts[3:5])
        yield _bucket(parts[5]) if in_full else _elsewhere(resource, parts[5])


def _bucket(resource: str) -> str:
    name = resource.partition("/")[0]
    # What follows a wildcard may belong to the key: `ml-*-prod` stands for `ml-evil/…-prod` too.
    cut = min((place for sign in ("*", "?", "${") if (place := name.find(sign)) >= 0), default=None)
    return name if cut is None else name[:cut] + _ANY


def _elsewhere(resource: str, name: str) -> str:
    """Any place at all, or an access point; in brackets, for no glob of the policy's buckets to fit it by chance."""
    return _ANY if name == _ANY else f"({resource})"


CHECK = Check(
    id="IAM_DATA_SCOPE",
    question="May the roles of this environment read its own buckets only?",
    why="a role that reads another environment's bucket is a border crossing, whatever the task was meant to read",
    remedy=(
        "name the environment's buckets in the Resource of the statement (`arn:aws:s3:::BUCKET/*`), or add the "
        'condition {"StringEquals": {"s3:ResourceAccount": "ACCOUNT"}}: `aws iam put-role-policy --role-name '
        "{subject}`, or `aws iam create-policy-version` for an attached policy"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-4", "NIST 800-53 AC-6", "ISO 27001 A.8.3", "SOC 2 CC6.3", "MITRE ATLAS AML.T0025"),
    ask=each(role_names, _ask, none=no_role),
    reads=READS_POLICIES,
)
