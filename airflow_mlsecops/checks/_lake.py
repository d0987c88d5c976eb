"""Lake Formation: its administrators, what it registered, and whom it lets in, as its answers say."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

from airflow_mlsecops.checks._accounts import owner
from airflow_mlsecops.checks._aws import aws
from airflow_mlsecops.checks._people import role_in
from airflow_mlsecops.checks._resources import Page
from airflow_mlsecops.checks._s3 import with_lists
from airflow_mlsecops.checks._sts import AUDITOR
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.unseen import NotObserved, Unseen

IAM = "IAM_ALLOWED_PRINCIPALS"
ALL_TABLES = "ALL_TABLES"  # how AWS calls, in its lists, what is granted by a wildcard
NO_READING = frozenset({"DESCRIBE", "CREATE_DATABASE", "CREATE_CATALOG", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION"})
# https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_GrantPermissions.html
PERMISSIONS = NO_READING | {
    *("ALL", "SUPER_USER", "SELECT", "INSERT", "DELETE", "ALTER", "DROP", "CREATE_TABLE"),
    *("DATA_LOCATION_ACCESS", "ASSOCIATE", "GRANT_WITH_LF_TAG_EXPRESSION"),
}


class _Whole(Shape):
    """Kept with all that AWS said, for it is handed back in the command that changes it."""

    model_config = ConfigDict(extra="allow")


class Principal(_Whole):
    """Who is let in: an ARN, an account, an organisation, or everybody in IAM."""

    data_lake_principal_identifier: str


class Default(_Whole):
    """Who is let into what is new."""

    principal: Principal


class Settings(_Whole):
    """Who administers the lake, and who is let into what is new in it."""

    data_lake_admins: tuple[Principal, ...]
    read_only_admins: tuple[Principal, ...] = ()
    create_database_default_permissions: tuple[Default, ...]
    create_table_default_permissions: tuple[Default, ...]


class _Settings(Shape):
    data_lake_settings: Settings


class Named(_Whole):
    """A database, a table, its columns, or a filter over it."""

    name: str = ""
    database_name: str = ""
    table_name: str = ""
    catalog_id: str = ""
    table_catalog_id: str = ""
    column_names: tuple[str, ...] = ()
    column_wildcard: dict[str, object] | None = None


class Tag(_Whole):
    """A tag with the values that are meant."""

    tag_key: str
    tag_values: tuple[str, ...] = ()


class TagPolicy(_Whole):
    """All databases, or all tables, that carry certain tags."""

    resource_type: str
    expression: tuple[Tag, ...] = ()
    expression_name: str = ""


class Path(_Whole):
    """A place in S3."""

    resource_arn: str


class Resource(_Whole):
    """What somebody is let into; of the kinds that AWS has, one is there."""

    catalog: dict[str, object] | None = None
    database: Named | None = None
    table: Named | None = None
    table_with_columns: Named | None = None
    data_cells_filter: Named | None = None
    data_location: Path | None = None
    l_f_tag: Tag | None = None
    l_f_tag_policy: TagPolicy | None = None
    l_f_tag_expression: dict[str, object] | None = None

    def concerns(self, database: str) -> bool:
        """True if it is a database, a part of it, or something else than a path or a tag by itself."""
        if self.database is not None:
            return self.database.name == database
        parts = [one for one in (self.table, self.table_with_columns, self.data_cells_filter) if one is not None]
        if parts:
            return any(one.database_name == database for one in parts)
        return self.data_location is None and self.l_f_tag is None and self.l_f_tag_expression is None


class Permission(Shape):
    """What somebody may do with something.

    :param condition: an expression over who it is, under which alone they may
    """

    principal: Principal
    resource: Resource
    permissions: tuple[str, ...] = ()
    permissions_with_grant_option: tuple[str, ...] = ()
    condition: dict[str, object] | None = None
    last_updated: str = ""

    @property
    def granted(self) -> frozenset[str]:
        """What they may do, or hand on."""
        return frozenset({*self.permissions, *self.permissions_with_grant_option})

    @property
    def reads(self) -> bool:
        """True if it lets more be done than see what is there, and put something new beside it."""
        return bool(self.granted - NO_READING)


class _Permissions(Page):
    principal_resource_permissions: tuple[Permission, ...]


class Registration(Shape):
    """A place in S3 for which Lake Formation hands out credentials of a role.

    :param role_arn: ``None`` where AWS made the role
    :param hybrid_access_enabled: whether those who were not opted in come by IAM alone
    :param with_privileged_access: whether whoever registered it may do all
    """

    resource_arn: str
    role_arn: str | None = None
    hybrid_access_enabled: bool = False
    with_privileged_access: bool = False


class _Registrations(Page):
    resource_info_list: tuple[Registration, ...]


class OptIn(Shape):
    """Somebody for whom Lake Formation decides, where a place lets others come by IAM alone."""

    principal: Principal
    resource: Resource


class _OptIns(Page):
    lake_formation_opt_ins_info_list: tuple[OptIn, ...]


class _ColumnTags(Shape):
    l_f_tags: tuple[Tag, ...] = ()


class Tags(Shape):
    """The tags of a table, or of a database."""

    l_f_tag_on_database: tuple[Tag, ...]
    l_f_tags_on_table: tuple[Tag, ...]
    l_f_tags_on_columns: tuple[_ColumnTags, ...]


class Filters(Shape):
    """Filters over a table, each of which shows some of its rows and columns."""

    data_cells_filters: tuple[Named, ...]


def _no_expressions(answer: dict[str, Any]) -> dict[str, Any]:
    """Filters without what they filter by, which holds values of the data."""
    if "DataCellsFilters" not in answer:
        return answer
    kept = ("TableCatalogId", "DatabaseName", "TableName", "Name")
    filters = [{name: one[name] for name in kept if name in one} for one in answer["DataCellsFilters"]]
    more = {"NextToken": answer["NextToken"]} if "NextToken" in answer else {}
    return {**more, "DataCellsFilters": filters}


class TagExpression(Shape):
    """Tags that were given a name together."""

    expression: tuple[Tag, ...]


GET_SETTINGS = Operation(
    service="lakeformation", name="get_data_lake_settings", shape=_Settings, action="lakeformation:GetDataLakeSettings"
)
LIST_PERMISSIONS = Operation(
    service="lakeformation", name="list_permissions", shape=_Permissions, action="lakeformation:ListPermissions"
)
LIST_REGISTRATIONS = Operation(
    service="lakeformation", name="list_resources", shape=_Registrations, action="lakeformation:ListResources"
)
LIST_OPT_INS = Operation(
    service="lakeformation", name="list_lake_formation_opt_ins", shape=_OptIns,
    action="lakeformation:ListLakeFormationOptIns",
)  # fmt: skip
LIST_FILTERS = Operation(
    service="lakeformation", name="list_data_cells_filter", shape=Filters, action="lakeformation:ListDataCellsFilter",
    keep=_no_expressions,
)  # fmt: skip
GET_TAGS = Operation(
    service="lakeformation", name="get_resource_lf_tags", shape=Tags, action="lakeformation:GetResourceLFTags",
    keep=with_lists("LFTagOnDatabase", "LFTagsOnTable", "LFTagsOnColumns"),
)  # fmt: skip
GET_TAG_EXPRESSION = Operation(
    service="lakeformation",
    name="get_lf_tag_expression",
    shape=TagExpression,
    action="lakeformation:GetLFTagExpression",
)


def require_all_to_be_shown(facts: Facts, region: str = "") -> None:
    """Refuse to take a part of the permissions for all of them.

    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html

    :param region: asked there; empty: in the connection's region
    :raises Unseen: if whoever looks is no administrator, or nobody could see whether they are
    """
    arn, settings = aws(facts).need(AUDITOR).arn, aws(facts).need(GET_SETTINGS, region).data_lake_settings
    admins = (one.data_lake_principal_identifier for one in (*settings.data_lake_admins, *settings.read_only_admins))
    if _who(arn) not in map(_who, admins):
        why = f"only administrators are shown all of them: make {role_in(arn) or arn} a read-only one"
        raise Unseen("who is let in by Lake Formation", NotObserved(why=why))


def _who(arn: str) -> tuple[str, str]:
    """The account and role of an ARN, be it of a role or of its session; the ARN itself for any other."""
    return owner(arn), role_in(arn) or arn
