"""Athena writes what it finds to the environment's buckets, encrypted with its keys, whatever a client asks for.

A client may send results elsewhere unless the work group enforces its own settings:
https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import not_applicable
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._kms import DESCRIBE_KEY
from airflow_mlsecops.checks._resources import Page, at_rest, meant, name_of, pages, summed, there
from airflow_mlsecops.checks._scope import bucket_of
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "enforced settings, results in a bucket of this environment, encrypted with a key of it"
_WITH_KMS = ("SSE_KMS", "CSE_KMS")


class _Name(Shape):
    name: str


class _Names(Page):
    work_groups: tuple[_Name, ...]


class _Encryption(Shape):
    encryption_option: str = ""
    kms_key: str = ""


class _Results(Shape):
    output_location: str = ""
    encryption_configuration: _Encryption = _Encryption()


class _Managed(Shape):
    enabled: bool = False
    encryption_configuration: _Encryption = _Encryption()


class _Configuration(Shape):
    enforce_work_group_configuration: bool = False
    result_configuration: _Results = _Results()
    managed_query_results_configuration: _Managed = _Managed()


class _WorkGroup(Shape):
    configuration: _Configuration


class _Described(Shape):
    work_group: _WorkGroup


_LIST = Operation(service="athena", name="list_work_groups", shape=_Names, action="athena:ListWorkGroups")
_GET = Operation(service="athena", name="get_work_group", shape=_Described, action="athena:GetWorkGroup")


def _groups(facts: Facts, demand: Demand) -> tuple[tuple[str, str | None], ...]:
    named = listed(profile(demand).workgroups, "workgroups")
    audited_account(facts, demand)  # another account's list shows none of ours
    return meant({one.name: one.name for page in pages(_LIST, facts) for one in page.work_groups}, named)


def _judge(one: tuple[str, str | None], facts: Facts, demand: Demand) -> Answer:
    name = there(*one)
    found = aws(facts).need(_GET, WorkGroup=name).work_group.configuration
    return summed(name, _troubles(found, facts, demand), fine="results stay in the environment", expected=_EXPECTED)


def _troubles(found: _Configuration, facts: Facts, demand: Demand) -> Iterator[str]:
    if not found.enforce_work_group_configuration:
        yield "a client may override its settings"
    managed, results = found.managed_query_results_configuration, found.result_configuration
    if managed.enabled:  # Athena keeps results by itself, for a day: there is no bucket
        yield from at_rest("what it keeps", managed.encryption_configuration.kms_key, facts, demand)
        return
    if not fits(bucket_of(results.output_location), listed(profile(demand).buckets, "buckets")):
        yield "results go to no bucket of this environment"
    encryption = results.encryption_configuration
    key = encryption.kms_key if encryption.encryption_option in _WITH_KMS else ""
    yield from at_rest("what it writes", key, facts, demand)


def _none() -> Answer:
    return not_applicable("athena", "Athena has no work group of these names")


CHECK = Check(
    id="ATHENA",
    question="Do Athena's results stay in this environment, encrypted with its keys?",
    why="every query copies rows into a result file, which outlives the query and follows the client's wishes",
    remedy=(
        "`aws athena update-work-group --work-group {subject} --configuration-updates "
        "'EnforceWorkGroupConfiguration=true,ResultConfigurationUpdates={OutputLocation=s3://…,EncryptionConfiguration={EncryptionOption=SSE_KMS,KmsKey=…}}'`"
    ),
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 AC-4", "NIST 800-53 SC-28", "ISO 27001 A.8.12", "ISO 27001 A.8.24", "SOC 2 CC6.7"),
    ask=each(_groups, _judge, none=_none, name=name_of),
    reads=(AUDITOR, _LIST, _GET, DESCRIBE_KEY),
)
