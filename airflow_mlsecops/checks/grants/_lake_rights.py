"""What a permission of Lake Formation lets somebody read of the tables over a dataset.

https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html. Who may create a table over the
dataset reads it then: https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from airflow_mlsecops.checks._lake import (
    ALL_TABLES,
    GET_TAG_EXPRESSION,
    GET_TAGS,
    NO_READING,
    PERMISSIONS,
    Named,
    Permission,
    Tag,
    TagPolicy,
    Tags,
)
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.checks.grants._lake_catalogue import Held
from airflow_mlsecops.checks.grants._lake_places import Registered, meet, place_in_s3, uri_of
from airflow_mlsecops.checks.grants._truth import Truth, any_of

READING = frozenset({"SELECT", "ALL", "SUPER_USER"})
_CREATING = frozenset({"CREATE_TABLE", "ALL", "SUPER_USER"})
_BY_TAG = "GRANT_WITH_LF_TAG_EXPRESSION"
_PATH = "DATA_LOCATION_ACCESS"


@dataclass(frozen=True, slots=True)
class Right:
    """One way by which a permission leads to the data.

    :param what: of the permission, which leads there
    :param steps: from the permission to the data
    """

    what: frozenset[str]
    by: Registered
    sure: bool
    steps: tuple[str, ...]
    table: Held | None = None


class Lake:
    """Everything over one place that somebody may be let into.

    :param account: whose catalogue it is; empty where nobody could see
    """

    def __init__(
        self, place: str, by: tuple[Registered, ...], tables: tuple[Held, ...], databases: tuple[Held, ...],
        account: str, inquiry: Inquiry, region: str,
    ) -> None:  # fmt: skip
        self.tables = tables
        self._place = place
        self._by = by
        self._databases = databases
        self._account = account
        self._inquiry = inquiry
        self._region = region

    def made(self) -> Right:
        """What is open to whoever may create a table over the place."""
        step = f"may create a table over {uri_of(self._place)}"
        return Right(frozenset(), self._by[0], False, (step,))

    def rights(self, one: Permission) -> Iterable[Right]:
        """What a permission lets somebody read, by each table or place that it leads to."""
        resource = one.resource
        if named := resource.table or resource.table_with_columns or resource.data_cells_filter:
            return self._on_tables(one, [table for table in self.tables if self._is(named, table)])
        if resource.database is not None:
            named = resource.database
            return self._in_databases(one, lambda held: held.database == named.name and self._ours(named.catalog_id))
        if resource.l_f_tag_policy is not None:
            return self._by_policy(one, resource.l_f_tag_policy)
        if resource.catalog is not None:
            return self._of_catalog(one) if self._ours(str(resource.catalog.get("Id", ""))) else ()
        if resource.data_location is not None:
            at = place_in_s3(resource.data_location.resource_arn)
            return self._made(one, f"{_PATH} on {uri_of(at)}", {_PATH}) if meet(at, self._place) else ()
        if resource.l_f_tag is not None:
            return self._by_granting(one, resource.l_f_tag)
        if resource.l_f_tag_expression is not None:
            return ()
        return self._made(one, "something of a kind that is not known here", one.granted - NO_READING)

    def _on_tables(self, one: Permission, tables: Iterable[Held], sure: bool = True) -> list[Right]:
        what = _of(one, READING)
        return [
            Right(
                what,
                table.by,
                sure and table.sure and bool(self._account) and bool(what & READING),
                (f"{_verb(one, what)} on {_told(one, table)}", *table.steps),
                table,
            )
            for table in tables
            if what
        ]

    def _in_databases(self, one: Permission, chosen: Callable[[Held], bool]) -> list[Right]:
        """What leads on from a database: its tables are not its own, but one can be put over their place."""
        what = _of(one, _CREATING)
        if not what:
            return []
        over = [
            *filter(chosen, self._databases),
            *(table for table in filter(chosen, self.tables) if what - {"CREATE_TABLE"}),
        ]
        return [
            Right(
                what,
                held.by,
                False,
                (f"{_verb(one, what)} on database {held.database}", *held.steps, *self.made().steps),
            )
            for held in over
        ]

    def _of_catalog(self, one: Permission) -> list[Right]:
        whole = self._on_tables(one, self.tables, sure="SUPER_USER" in one.granted)
        return whole or self._made(one, "the catalogue", READING)

    def _made(self, one: Permission, on: str, what: Iterable[str]) -> list[Right]:
        what = _of(one, frozenset(what))
        made = self.made()
        return [Right(what, made.by, False, (f"{_verb(one, what)}: {on}", *made.steps))] if what else []

    def _by_policy(self, one: Permission, policy: TagPolicy) -> list[Right]:
        wanted = self._expression(policy)
        if policy.resource_type == "DATABASE":
            return self._in_databases(one, lambda held: _matched(wanted, self._tags(held, database=True)) is not False)
        if not _of(one, READING):
            return []
        matches = [(table, _matched(wanted, self._tags(table))) for table in self.tables]
        sure = [table for table, match in matches if match]
        return [
            *self._on_tables(one, sure),
            *self._on_tables(one, [table for table, match in matches if match is None], sure=False),
        ]

    def _by_granting(self, one: Permission, tag: Tag) -> list[Right]:
        """Who may grant by a tag that a table carries may let itself in."""
        what = _of(one, frozenset({_BY_TAG}))
        tables = [table for table in self.tables if _matched((tag,), self._tags(table)) is not False] if what else []
        step = f"may grant by tag {tag.tag_key}"
        return [Right(what, table.by, False, (step, *table.steps), table) for table in tables]

    def _expression(self, policy: TagPolicy) -> tuple[Tag, ...]:
        if not policy.expression_name:
            return policy.expression
        name = policy.expression_name
        return self._inquiry.of(
            lambda: self._inquiry.aws.need(GET_TAG_EXPRESSION, self._region, Name=name).expression, ()
        )

    def _tags(self, held: Held, database: bool = False) -> Tags | None:
        table = {"Table": {"DatabaseName": held.database, "Name": held.name}}
        resource = {"Database": {"Name": held.database}} if database else table
        return self._inquiry.of(lambda: self._inquiry.aws.need(GET_TAGS, self._region, Resource=resource), None)

    def _is(self, named: Named, table: Held) -> bool:
        """True if a permission names a table, or all of its database."""
        name = named.table_name or named.name
        if named.table_name:
            named = named.model_copy(update={"catalog_id": named.table_catalog_id})
        return (
            named.database_name == table.database
            and name in ("", ALL_TABLES, table.name)
            and self._ours(named.catalog_id)
        )

    def _ours(self, catalog: str) -> bool:
        return not (catalog and self._account) or catalog == self._account


def _of(one: Permission, leading: frozenset[str]) -> frozenset[str]:
    """What of a permission leads to the data, or may: whatever AWS adds to those that are known."""
    return one.granted & leading or one.granted - PERMISSIONS


def _matched(wanted: tuple[Tag, ...], tags: Tags | None) -> Truth:
    """Whether something, or a column of it, carries one value of each tag; a column's own tags replace the others."""
    if tags is None or not wanted:
        return None
    whole = {tag.tag_key: tag.tag_values for tag in (*tags.l_f_tag_on_database, *tags.l_f_tags_on_table)}
    columns = ({**whole, **{tag.tag_key: tag.tag_values for tag in one.l_f_tags}} for one in tags.l_f_tags_on_columns)
    return any_of(all(_carries(carried, tag) for tag in wanted) for carried in (whole, *columns))


def _carries(carried: dict[str, tuple[str, ...]], tag: Tag) -> bool:
    values = carried.get(tag.tag_key, ())
    return bool(values) and (not tag.tag_values or "*" in tag.tag_values or not {*values}.isdisjoint(tag.tag_values))


def _verb(one: Permission, what: Iterable[str]) -> str:
    names = " and ".join(sorted(what))
    return names if {*what} & {*one.permissions} else f"may grant itself {names}"


def _told(one: Permission, table: Held) -> str:
    resource = one.resource
    if resource.table_with_columns is not None and resource.table_with_columns.name != ALL_TABLES:
        return f"{_columns(resource.table_with_columns)} of {table.told}"
    if resource.data_cells_filter is not None:
        return f"rows that filter {resource.data_cells_filter.name} shows of {table.told}"
    if resource.l_f_tag_policy is not None:
        return f"tables by their tags, {table.told} among them"
    if resource.catalog is not None:
        return f"the catalogue, {table.told} in it"
    one_table = resource.table and resource.table.name not in ("", ALL_TABLES)
    return table.told if one_table else f"all tables of database {table.database}"


def _columns(named: Named) -> str:
    if named.column_names:
        return f"columns {', '.join(named.column_names)}"
    wildcard = named.column_wildcard or {}
    excluded = wildcard.get("ExcludedColumnNames", ())
    return (
        f"all columns but {', '.join(map(str, excluded))}" if isinstance(excluded, list) and excluded else "all columns"
    )
