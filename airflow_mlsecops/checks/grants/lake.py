"""Who can read a dataset in S3 through Lake Formation, which hands out credentials of a role that can.

It does so for places that are registered with it, to whom it grants a table over them:
https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html. What is registered nowhere is
read by IAM alone, which is a question about the bucket. Each of the principals also needs ``glue:GetTable`` and
``lakeformation:GetDataAccess``, which say nothing of a dataset and are not looked at.

Administrators count as readers, for they can grant themselves what they want:
https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html. ``IAM_ALLOWED_PRINCIPALS`` stands for
whoever IAM lets use Glue. On a registered place they are handed the role's credentials, whatever their own permissions
in S3; where it is registered in hybrid mode, those come by IAM alone who were not opted in:
https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-workflow.html.

Not looked at are catalogues of other accounts and regions, locations by the name of an access point, and who may give a
table another tag.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from airflow_mlsecops.checks._accounts import owner
from airflow_mlsecops.checks._aws import home
from airflow_mlsecops.checks._glue import GET_DATABASES, GET_PARTITIONS, GET_TABLES
from airflow_mlsecops.checks._lake import (
    ALL_TABLES,
    GET_SETTINGS,
    GET_TAG_EXPRESSION,
    GET_TAGS,
    IAM,
    LIST_FILTERS,
    LIST_OPT_INS,
    LIST_PERMISSIONS,
    LIST_REGISTRATIONS,
    Named,
    OptIn,
    Permission,
    Resource,
    Settings,
    require_all_to_be_shown,
)
from airflow_mlsecops.checks._people import person
from airflow_mlsecops.checks._resources import pages
from airflow_mlsecops.checks._s3 import GET_BUCKET_LOCATION
from airflow_mlsecops.checks._sts import AUDITOR
from airflow_mlsecops.checks.grants._aws_commands import command
from airflow_mlsecops.checks.grants._bucket import Home
from airflow_mlsecops.checks.grants._bucket import home as where
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.checks.grants._lake_catalogue import Catalogue, Held
from airflow_mlsecops.checks.grants._lake_places import place_in_s3, registered, uri_of
from airflow_mlsecops.checks.grants._lake_rights import Lake, Right
from airflow_mlsecops.checks.grants._who import called
from airflow_mlsecops.core.aws import AwsFacts, Call, Operation, Shape
from airflow_mlsecops.core.grant import Allowed, Grant, Kind, Readers
from airflow_mlsecops.core.unseen import NotObserved

# Every kind of question, with the permission that it needs.
READS: tuple[Operation[Any], ...] = (
    AUDITOR, GET_BUCKET_LOCATION, LIST_REGISTRATIONS, GET_SETTINGS, LIST_PERMISSIONS, LIST_FILTERS, LIST_OPT_INS,
    GET_TAGS, GET_TAG_EXPRESSION, GET_DATABASES, GET_TABLES, GET_PARTITIONS,
)  # fmt: skip
_ACCOUNT = re.compile(r"\d{12}")
_SIGNED_IN = (":saml-provider/", ":quicksight:", ":identitystore:")
_REVOKES = "aws lakeformation revoke-permissions "
_EVERYBODY = ":IAMPrincipals"
_UNTOLD = NotObserved(why="AWS does not say who that was")


def readers(facts: AwsFacts, uri: str, allowed: Allowed) -> Readers:
    """Who is let into a dataset by Lake Formation.

    :param facts: what was observed of AWS
    :param uri: identity of the dataset, ``s3://bucket/prefix``
    :param allowed: whom the policy lets read it
    :return: no grants where its place is not registered with Lake Formation
    :raises ValueError: if it is no place in S3
    """
    inquiry = Inquiry(facts)
    look = _look(uri, allowed, inquiry)
    grants = tuple(look.grants()) if look else ()
    return Readers(grants=grants, hidden=inquiry.hidden, commands=look.commands(grants) if look else ())


def wanted(facts: AwsFacts, uri: str) -> tuple[Call, ...]:
    """Calls that would tell more of who is let in; none once all is known that can be.

    :param facts: what was observed of AWS
    :param uri: identity of the dataset, ``s3://bucket/prefix``
    :raises ValueError: if it is no place in S3
    """
    inquiry = Inquiry(facts)
    look = _look(uri, Allowed(), inquiry)
    if look:
        tuple(look.grants())
    return inquiry.wanted


def _look(uri: str, allowed: Allowed, inquiry: Inquiry) -> _Look | None:
    """``None`` until it is known where to look, and where nobody may list what is registered."""
    place = place_in_s3(uri)
    if not place:
        raise ValueError(f"{uri} is no place in S3")
    at = where(inquiry, place.partition("/")[0])
    return None if inquiry.wanted else inquiry.of(lambda: _Look(place, allowed, inquiry, at), None)


class _Look:
    """One dataset, and what Lake Formation of its region says of it."""

    def __init__(self, place: str, allowed: Allowed, inquiry: Inquiry, at: Home) -> None:
        self._allowed = allowed
        self._inquiry = inquiry
        self._account = at.account
        self._region = home(at.region, inquiry.facts) if at.region else ""
        self._place = place
        self._by = registered(place, inquiry, self._region)

    def grants(self) -> Iterator[Grant]:
        """Each way in."""
        if not self._by:
            return
        for by in self._by:
            if by.privileged:
                self._inquiry.hide(f"Who registered {uri_of(by.place)}, and may do all there", _UNTOLD)
        self._inquiry.of(lambda: require_all_to_be_shown(self._inquiry.facts, self._region), None)
        lake = self._lake()
        yield from self._administrators(lake)
        permissions = self._permissions(lake.tables)
        by_iam = {right.table for one in permissions if _of_iam(one) for right in lake.rights(one) if right.table}
        for one in permissions:
            ways = [way for right in lake.rights(one) if (way := self._way(one, right, right.table in by_iam))]
            yield from sorted(ways, key=lambda way: not way.sure)[:1]

    def commands(self, grants: tuple[Grant, ...]) -> tuple[str, ...]:
        """Revocations first, for who stops administering can revoke no more."""
        strangers = {one.principal for one in grants if not self._allowed.lets(one.principal)}
        if not strangers:
            return ()
        settings = self._settings()
        admins = {one.data_lake_principal_identifier for one in settings.data_lake_admins} if settings else set()
        revoked = [one.undo for one in grants if one.principal in strangers and _REVOKES in one.undo]
        last = [self._without(settings, admins & strangers)] if settings and admins & strangers else []
        return tuple(dict.fromkeys((*revoked, *last)))

    def _lake(self) -> Lake:
        catalogue = Catalogue(self._place, self._by, self._inquiry, self._region)
        tables, databases = catalogue.tables(), catalogue.databases()
        return Lake(self._place, self._by, tables, databases, self._account, self._inquiry, self._region)

    def _settings(self) -> Settings | None:
        return self._inquiry.of(lambda: self._inquiry.aws.need(GET_SETTINGS, self._region).data_lake_settings, None)

    def _permissions(self, tables: tuple[Held, ...]) -> tuple[Permission, ...]:
        """All that are listed, and those on filters, which AWS lists by themselves.

        https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
        """
        filters = [_whole(one) for table in tables for one in self._inquiry.of(partial(self._filters, table), ())]
        asked: list[dict[str, Any]] = [{}, *({"Resource": {"DataCellsFilter": one}} for one in filters)]
        found = [one for params in asked for one in self._inquiry.of(partial(self._listed, params), ())]
        return tuple({one.model_dump_json(): one for one in found}.values())

    def _filters(self, table: Held) -> tuple[Named, ...]:
        params = {"DatabaseName": table.database, "Name": table.name}
        return self._inquiry.aws.need(LIST_FILTERS, self._region, Table=params).data_cells_filters

    def _listed(self, params: dict[str, Any]) -> tuple[Permission, ...]:
        listed = pages(LIST_PERMISSIONS, self._inquiry.facts, region=self._region, **params)
        return tuple(one for page in listed for one in page.principal_resource_permissions)

    def _opt_ins(self) -> tuple[OptIn, ...]:
        listed = pages(LIST_OPT_INS, self._inquiry.facts, region=self._region)
        return tuple(one for page in listed for one in page.lake_formation_opt_ins_info_list)

    def _administrators(self, lake: Lake) -> Iterator[Grant]:
        settings = self._settings()
        for one in settings.data_lake_admins if settings else ():
            arn = one.data_lake_principal_identifier
            table = next(iter(sorted(lake.tables, key=lambda held: not held.sure)), None)
            steps = (f"may grant itself SELECT on {table.told}", *table.steps) if table else lake.made().steps
            by = table.by if table else self._by[0]
            yield self._grant(arn, True, ("data lake administrator", *steps, by.told), self._without(settings, {arn}))

    def _way(self, one: Permission, right: Right, by_iam: bool) -> Grant | None:
        """One way in; ``None`` where Lake Formation leaves it to IAM, and hands nothing out.

        :param by_iam: whether others reach the table by IAM, if its place is registered in hybrid mode
        """
        who = one.principal.data_lake_principal_identifier
        doubts = []
        if who == IAM and right.by.hybrid:
            return None
        if who == IAM:
            doubts.append("whoever IAM lets use Glue and lakeformation:GetDataAccess")
        elif right.by.hybrid and by_iam and not self._opted_in(who, right.table):
            doubts.append("registered in hybrid mode, where they may not be opted in")
        if one.condition:
            doubts.append("under a condition on who it is")
        how = (*doubts, *right.steps, right.by.told)
        return self._grant(who, right.sure and not doubts, how, self._revoked(one, right), one.last_updated[:10])

    def _opted_in(self, who: str, table: Held | None) -> bool:
        """True if Lake Formation surely decides for somebody, instead of IAM."""
        found = self._inquiry.of(self._opt_ins, ())
        return table is not None and any(
            one.principal.data_lake_principal_identifier == who and _holds(one.resource, table) for one in found
        )

    def _grant(self, who: str, sure: bool, how: tuple[str, ...], undo: str, since: str = "") -> Grant:
        kind = called(who, self._kind(who), self._allowed)
        return Grant(principal=who, kind=kind, sure=sure, how=how, undo=undo, since=since)

    def _kind(self, who: str) -> Kind:
        """What its name tells of somebody."""
        if who in (IAM, f"{self._account}{_EVERYBODY}"):
            return Kind.ANYBODY
        if _abroad(who, self._account):
            return Kind.OUTSIDE
        return Kind.PERSON if person(who, ()) or any(mark in who for mark in _SIGNED_IN) else Kind.UNTOLD

    def _revoked(self, one: Permission, right: Right) -> str:
        """The command; of whoever may do all, it takes all, of which reading is a part."""
        all_of_it = {"ALL", "SUPER_USER"} & one.granted
        gone = one.granted if all_of_it else right.what
        asked: dict[str, Any] = {
            "Principal": _whole(one.principal),
            "Resource": _named(one.resource),
            "Permissions": sorted(gone),
        }
        if again := sorted(gone & {*one.permissions_with_grant_option}):
            asked["PermissionsWithGrantOption"] = again
        if one.condition:
            asked["Condition"] = one.condition
        return self._command("revoke-permissions", asked)

    def _without(self, settings: Settings | None, admins: set[str]) -> str:
        """The command that leaves the settings as they are, but for some administrators."""
        if settings is None:
            return ""
        whole = _whole(settings)
        left = [one for one in whole["DataLakeAdmins"] if one["DataLakePrincipalIdentifier"] not in admins]
        return self._command("put-data-lake-settings", {"DataLakeSettings": {**whole, "DataLakeAdmins": left}})

    def _command(self, name: str, asked: dict[str, Any]) -> str:
        ours = self._inquiry.aws.region
        region = self._region or (ours if isinstance(ours, str) else "")
        return command("lakeformation", name, region=region, cli_input_json=json.dumps(asked))


def _of_iam(one: Permission) -> bool:
    return one.principal.data_lake_principal_identifier == IAM


def _abroad(who: str, account: str) -> bool:
    """True for another account, somebody of one, and an organisation."""
    theirs = owner(who.removesuffix(_EVERYBODY))
    told = bool(account) or theirs == who
    return ":organizations:" in who or (told and _ACCOUNT.fullmatch(theirs) is not None and theirs != account)


def _holds(resource: Resource, table: Held) -> bool:
    """True if somebody was opted in for a table, or for all of its database or catalogue."""
    if resource.table is not None:
        return resource.table.database_name == table.database and resource.table.name in ("", ALL_TABLES, table.name)
    return resource.catalog is not None or (resource.database is not None and resource.database.name == table.database)


def _named(resource: Resource) -> dict[str, Any]:
    """What a command names to say the same: all tables by a wildcard, which AWS lists under a name of its own."""
    whole = _whole(resource)
    table = whole.get("Table") or whole.get("TableWithColumns") or {}
    if table.get("Name") != ALL_TABLES:
        return whole
    kept = {name: table[name] for name in ("CatalogId", "DatabaseName") if name in table}
    return {"Table": {**kept, "TableWildcard": {}}}


def _whole(shape: Shape) -> dict[str, Any]:
    """What AWS said, as it said it."""
    return shape.model_dump(mode="json", by_alias=True, exclude_unset=True)
