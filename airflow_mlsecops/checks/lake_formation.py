"""Lake Formation decides who reads the environment's databases, and lets in only whom the policy lists.

``IAM_ALLOWED_PRINCIPALS`` hands the decision back to IAM:
https://docs.aws.amazon.com/lake-formation/latest/dg/upgrade-glue-lake-formation-background.html. Administrators can
grant themselves what they want, so they count as readers. A grant by tags, or on the whole catalogue, counts for each
database. Who reads the files past Lake Formation is a question about their buckets. Only administrators are shown all
permissions (https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html), so that whoever
looks must be one, if a read-only one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._glue import GET_DATABASES, Database, Part, catalogs, judge_part
from airflow_mlsecops.checks._lake import GET_SETTINGS, IAM, LIST_PERMISSIONS, require_all_to_be_shown
from airflow_mlsecops.checks._resources import pages, there
from airflow_mlsecops.checks._sts import AUDITOR
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _parts(facts: Facts, demand: Demand) -> Iterator[Part]:
    found = catalogs(facts, demand)
    if found:
        yield "data lake settings", _settings
    for name, database in found:
        yield name, partial(_database, name, database)


def _settings(facts: Facts, demand: Demand) -> Answer:
    found = aws(facts).need(GET_SETTINGS).data_lake_settings
    defaults = (*found.create_database_default_permissions, *found.create_table_default_permissions)
    who = {
        one.data_lake_principal_identifier for one in (*found.data_lake_admins, *(one.principal for one in defaults))
    }
    return _among("data lake settings", who, "administers the lake, or gets what is new in it", demand)


def _database(name: str, found: Database | None, facts: Facts, demand: Demand) -> Answer:
    there(name, found)
    require_all_to_be_shown(facts)
    permissions = (one for page in pages(LIST_PERMISSIONS, facts) for one in page.principal_resource_permissions)
    who = {
        one.principal.data_lake_principal_identifier for one in permissions if one.reads and one.resource.concerns(name)
    }
    return _among(name, who, "is let in by Lake Formation", demand)


def _among(name: str, who: set[str], does: str, demand: Demand) -> Answer:
    readers = listed(profile(demand).readers, "readers")
    expected = "none but " + ", ".join(sorted(readers))
    strangers = sorted(one for one in who if one == IAM or not fits(one, readers))
    if strangers:
        reason = f"somebody {does} whom the policy does not list"
        return failed(name, reason, expected=expected, got=", ".join(strangers))
    return passed(name, f"nobody {does} whom the policy does not list", expected=expected)


def _none() -> Answer:
    return not_applicable("lakeformation", "the Glue catalogue has no database of these names")


CHECK = Check(
    id="LAKE_FORMATION",
    question="Does Lake Formation let only listed principals read the databases?",
    why="one grant to everybody in IAM, or one administrator too many, and its permissions protect nothing",
    remedy=(
        "`aws lakeformation revoke-permissions --principal DataLakePrincipalIdentifier=… --permissions ALL "
        '--resource \'{"Database": {"Name": "{subject}"}}\'`; for the settings `aws lakeformation '
        "put-data-lake-settings` with empty default permissions; or list the principal under aws: readers: "
        "in policy.yaml"
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-3", "NIST 800-53 AC-6", "ISO 27001 A.5.15", "ISO 42001 A.7.2", "SOC 2 CC6.3"),
    ask=each(_parts, judge_part, none=_none, name=lambda part: part[0]),
    reads=(AUDITOR, GET_DATABASES, GET_SETTINGS, LIST_PERMISSIONS),
)
