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

from airflow_mlsecops.checks._accounts import owner
from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._glue import GET_DATABASES, Database, Part, catalogs, judge_part
from airflow_mlsecops.checks._people import role_in
from airflow_mlsecops.checks._resources import Page, pages, there
from airflow_mlsecops.checks._sts import AUDITOR
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.unseen import Unseen

_IAM = "IAM_ALLOWED_PRINCIPALS"
_NO_READING = frozenset({"DESCRIBE", "CREATE_DATABASE", "CREATE_CATALOG", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION"})


class _Principal(Shape):
    data_lake_principal_identifier: str


class _Default(Shape):
    principal: _Principal


class _Settings(Shape):
    data_lake_admins: tuple[_Principal, ...]
    read_only_admins: tuple[_Principal, ...] = ()
    create_database_default_permissions: tuple[_Default, ...]
    create_table_default_permissions: tuple[_Default, ...]


class _Answer(Shape):
    data_lake_settings: _Settings


class _Named(Shape):
    name: str = ""
    database_name: str = ""


class _Resource(Shape):
    database: _Named | None = None
    table: _Named | None = None
    table_with_columns: _Named | None = None
    data_cells_filter: _Named | None = None
    data_location: dict[str, object] | None = None
    l_f_tag: dict[str, object] | None = None
    l_f_tag_expression: dict[str, object] | None = None

    def concerns(self, database: str) -> bool:
        """True if it is a database, a part of it, or something else than a path or a tag by itself."""
        if self.database is not None:
            return self.database.name == database
        parts = [one for one in (self.table, self.table_with_columns, self.data_cells_filter) if one is not None]
        if parts:
            return any(one.database_name == database for one in parts)
        return self.data_location is None and self.l_f_tag is None and self.l_f_tag_expression is None


class _Permission(Shape):
    principal: _Principal
    resource: _Resource
    permissions: tuple[str, ...] = ()
    permissions_with_grant_option: tuple[str, ...] = ()

    @property
    def reads(self) -> bool:
        """True if it lets more be done than see what is there, and put something new beside it."""
        return bool({*self.permissions, *self.permissions_with_grant_option} - _NO_READING)


class _Permissions(Page):
    principal_resource_permissions: tuple[_Permission, ...]


_GET_SETTINGS = Operation(
    service="lakeformation", name="get_data_lake_settings", shape=_Answer, action="lakeformation:GetDataLakeSettings"
)
_LIST_PERMISSIONS = Operation(
    service="lakeformation", name="list_permissions", shape=_Permissions, action="lakeformation:ListPermissions"
)


def _parts(facts: Facts, demand: Demand) -> Iterator[Part]:
    found = catalogs(facts, demand)
    if found:
        yield "data lake settings", _settings
    for name, database in found:
        yield name, partial(_database, name, database)


def _settings(facts: Facts, demand: Demand) -> Answer:
    found = aws(facts).need(_GET_SETTINGS).data_lake_settings
    defaults = (*found.create_database_default_permissions, *found.create_table_default_permissions)
    who = {
        one.data_lake_principal_identifier for one in (*found.data_lake_admins, *(one.principal for one in defaults))
    }
    return _among("data lake settings", who, "administers the lake, or gets what is new in it", demand)


def _database(name: str, found: Database | None, facts: Facts, demand: Demand) -> Answer:
    there(name, found)
    _require_all_to_be_shown(facts)
    permissions = (one for page in pages(_LIST_PERMISSIONS, facts) for one in page.principal_resource_permissions)
    who = {
        one.principal.data_lake_principal_identifier for one in permissions if one.reads and one.resource.concerns(name)
    }
    return _among(name, who, "is let in by Lake Formation", demand)


def _require_all_to_be_shown(facts: Facts) -> None:
    arn, settings = aws(facts).need(AUDITOR).arn, aws(facts).need(_GET_SETTINGS).data_lake_settings
    admins = (one.data_lake_principal_identifier for one in (*settings.data_lake_admins, *settings.read_only_admins))
    if _who(arn) not in map(_who, admins):
        why = f"only administrators are shown all of them: make {role_in(arn) or arn} a read-only one"
        raise Unseen("who is let in by Lake Formation", NotObserved(why=why))


def _who(arn: str) -> tuple[str, str]:
    """The account and role of an ARN, be it of a role or of its session; the ARN itself for any other."""
    return owner(arn), role_in(arn) or arn


def _among(name: str, who: set[str], does: str, demand: Demand) -> Answer:
    readers = listed(profile(demand).readers, "readers")
    expected = "none but " + ", ".join(sorted(readers))
    strangers = sorted(one for one in who if one == _IAM or not fits(one, readers))
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
    reads=(AUDITOR, GET_DATABASES, _GET_SETTINGS, _LIST_PERMISSIONS),
)
