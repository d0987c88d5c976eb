"""The Glue catalogue is encrypted with the environment's keys, lets nobody else in, and leads to no other account.

Encryption and the resource policy are the account's, in the connection's region. Shares that Resource Access Manager
made are no part of that policy; Lake Formation, which they go through, shows them: LAKE_FORMATION.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from airflow_mlsecops.checks._accounts import foreign, insiders
from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._glue import GET_DATABASES, Database, Part, catalogs, judge_part
from airflow_mlsecops.checks._kms import DESCRIBE_KEY
from airflow_mlsecops.checks._resources import at_rest, summed, there
from airflow_mlsecops.checks._statements import statements
from airflow_mlsecops.checks._sts import AUDITOR
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.unseen import Unseen

_INSIDE = "this environment and its partners"
_ENCRYPTED = ("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE")


class _AtRest(Shape):
    catalog_encryption_mode: str = "DISABLED"
    sse_aws_kms_key_id: str = ""


class _Passwords(Shape):
    return_connection_password_encrypted: bool = False
    aws_kms_key_id: str = ""


class _Settings(Shape):
    encryption_at_rest: _AtRest = _AtRest()
    connection_password_encryption: _Passwords = _Passwords()


class _Encryption(Shape):
    data_catalog_encryption_settings: _Settings


class _Policy(Shape):
    policy_in_json: str


_GET_ENCRYPTION = Operation(
    service="glue", name="get_data_catalog_encryption_settings", shape=_Encryption,
    action="glue:GetDataCatalogEncryptionSettings",
)  # fmt: skip
_GET_POLICY = Operation(
    service="glue", name="get_resource_policy", shape=_Policy, action="glue:GetResourcePolicy",
    absent=("EntityNotFoundException",),
)  # fmt: skip


def _parts(facts: Facts, demand: Demand) -> Iterator[Part]:
    found = catalogs(facts, demand)
    if found:
        yield "catalog encryption", _encryption
        yield "catalog policy", _policy
    for name, database in found:
        yield name, partial(_database, name, database)


def _encryption(facts: Facts, demand: Demand) -> Answer:
    expected = "the catalogue and the passwords in it encrypted with a key of this environment"
    troubles = _unencrypted(facts, demand)
    return summed("catalog encryption", troubles, fine="the catalogue is encrypted", expected=expected)


def _unencrypted(facts: Facts, demand: Demand) -> Iterator[str]:
    found = aws(facts).need(_GET_ENCRYPTION).data_catalog_encryption_settings
    catalog, passwords = found.encryption_at_rest, found.connection_password_encryption
    is_on = catalog.catalog_encryption_mode in _ENCRYPTED
    yield from at_rest("the catalogue", catalog.sse_aws_kms_key_id if is_on else "", facts, demand)
    is_on = passwords.return_connection_password_encrypted
    yield from at_rest("the passwords of its connections", passwords.aws_kms_key_id if is_on else "", facts, demand)


def _policy(facts: Facts, demand: Demand) -> Answer:
    name, own = "catalog policy", insiders(demand)
    found = aws(facts).ask(_GET_POLICY)
    if found is None:
        return passed(name, "the catalogue has no resource policy: it lets in its own account only", expected=_INSIDE)
    policy = statements(found.policy_in_json, "the catalogue's resource policy")
    anybody = ("anybody",) if any(statement.lets_anybody_in for statement in policy) else ()
    if strangers := (*anybody, *foreign(policy, own)):
        return failed(name, "the catalogue lets others in", expected=_INSIDE, got=", ".join(strangers))
    return passed(name, "the catalogue lets in this environment and its partners only", expected=_INSIDE)


def _database(name: str, found: Database | None, facts: Facts, demand: Demand) -> Answer:
    database, own = there(name, found), insiders(demand)
    if federated := database.federated_database:
        why = f"it lies elsewhere, behind the connection {federated.connection_name}: accept it under not_observable:"
        raise Unseen(f"whose database {name} is", NotObserved(why=why))
    target = database.target_database
    if target is None:
        return passed(name, "the database is in this catalogue", expected=_INSIDE)
    if target.catalog_id in own:
        reason = "the database is a link into an account of this environment"
        return passed(name, reason, expected=_INSIDE, got=target.catalog_id)
    return failed(
        name, "the database is a link into a foreign account", expected=_INSIDE, got=target.catalog_id or "no account"
    )


def _none() -> Answer:
    return not_applicable("glue", "the Glue catalogue has no database of these names")


CHECK = Check(
    id="GLUE",
    question="Is the Glue catalogue encrypted, and closed to other accounts?",
    why="the catalogue says where tables lie, holds passwords of connections, and links in it lead to others' data",
    remedy=(
        "`aws glue put-data-catalog-encryption-settings --data-catalog-encryption-settings …` for its "
        "encryption; `aws glue put-resource-policy --policy-in-json …` without the foreign principals; `aws "
        "glue delete-database --name {subject}` for a link"
    ),
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 AC-3", "NIST 800-53 SC-28", "ISO 27001 A.8.24", "ISO 27001 A.5.15", "SOC 2 CC6.1"),
    ask=each(_parts, judge_part, none=_none, name=lambda part: part[0]),
    reads=(AUDITOR, GET_DATABASES, _GET_ENCRYPTION, _GET_POLICY, DESCRIBE_KEY),
)
