"""The keys' policies and grants let in this environment and its partners only.

Whoever may use a key reads what it encrypts, and whoever holds a grant uses the key without being in its policy. AWS'
own services may hold grants: they work for the account. Of a key that AWS manages nobody can change the policy;
S3_ENCRYPTION_KEY says that it should be another.
https://docs.aws.amazon.com/kms/latest/developerguide/control-access.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._accounts import foreign, insiders, owner
from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._kms import (
    DESCRIBE_KEY,
    GET_KEY_POLICY,
    LIST_GRANTS,
    described,
    keys,
    no_key,
    region_of_key,
)
from airflow_mlsecops.checks._s3 import GET_BUCKET_ENCRYPTION, sids
from airflow_mlsecops.checks._statements import statements
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "this environment and its partners"


def _judge(key: str, facts: Facts, demand: Demand) -> Answer:
    found = described(key, facts)
    if found.key_manager == "AWS":
        return not_applicable(key, "AWS manages the key and its policy")
    strangers = _in_policy(found.arn, facts, demand) + _by_grant(found.arn, facts, demand)
    if strangers:
        return failed(key, "the key lets others in", expected=_EXPECTED, got=", ".join(strangers))
    return passed(key, "the key lets in this environment and its partners only", expected=_EXPECTED)


def _in_policy(arn: str, facts: Facts, demand: Demand) -> tuple[str, ...]:
    found = aws(facts).need(GET_KEY_POLICY, region_of_key(arn, facts), KeyId=arn, PolicyName="default")
    policy = statements(found.policy, "the policy of a key")
    public = sids(statement for statement in policy if statement.lets_anybody_in)
    return (*((f"anybody (statement {public})",) if public else ()), *foreign(policy, insiders(demand)))


def _by_grant(arn: str, facts: Facts, demand: Demand) -> tuple[str, ...]:
    found = aws(facts).need(LIST_GRANTS, region_of_key(arn, facts), KeyId=arn)
    names = {grant.grantee or "somebody who is not named" for grant in found.grants}
    return tuple(f"{name} (by grant)" for name in sorted(names) if not _inside(name, demand))


def _inside(name: str, demand: Demand) -> bool:
    return owner(name) in insiders(demand) or (name.endswith(".amazonaws.com") and ":" not in name)


CHECK = Check(
    id="KMS_POLICY",
    question="Do the keys' policies and grants let in this environment and its partners only?",
    why="whoever may use the key can read everything that it encrypts",
    remedy=(
        "take the principal out of the policy (`aws kms put-key-policy --key-id {subject}`) or revoke its "
        "grant (`aws kms revoke-grant --key-id {subject} --grant-id <id>`); to see them: `aws kms "
        "get-key-policy --key-id {subject} --query Policy --output text`; `aws kms list-grants --key-id "
        "{subject}`"
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-3", "NIST 800-53 SC-12", "ISO 27001 A.8.24", "SOC 2 CC6.1", "AWS FSBP KMS.5"),
    ask=each(keys, _judge, none=no_key),
    reads=(GET_BUCKET_ENCRYPTION, DESCRIBE_KEY, GET_KEY_POLICY, LIST_GRANTS),
)
