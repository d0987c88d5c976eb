"""Databases of the Glue catalogue: the question, and what is read of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import Field

from airflow_mlsecops.checks._aws import aws, listed, profile
from airflow_mlsecops.checks._resources import meant
from airflow_mlsecops.checks._sts import audited_account
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Demand
from airflow_mlsecops.core.facts import Facts


class Target(Shape):
    """Where a link leads that looks like a database."""

    catalog_id: str = ""
    database_name: str = ""


class Federated(Shape):
    """A connection to a database that another service keeps."""

    connection_name: str = "another service"


class Database(Shape):
    """One database of the catalogue."""

    name: str
    location_uri: str = ""
    target_database: Target | None = None
    federated_database: Federated | None = None


class Databases(Shape):
    """Answer of GetDatabases."""

    databases: tuple[Database, ...] = Field(alias="DatabaseList")


def _no_parameters(answer: dict[str, Any]) -> dict[str, Any]:
    """Parameters and descriptions hold whatever somebody wrote there; no check reads them."""
    if "DatabaseList" not in answer:
        return answer
    kept = ("Name", "LocationUri", "TargetDatabase", "FederatedDatabase")
    return {**answer, "DatabaseList": [_only(kept, one) for one in answer["DatabaseList"]]}


def _only(names: Iterable[str], of: Mapping[str, Any]) -> dict[str, Any]:
    return {name: of[name] for name in names if name in of}


GET_DATABASES = Operation(
    service="glue", name="get_databases", shape=Databases, action="glue:GetDatabases", keep=_no_parameters
)


class Storage(Shape):
    """Where the data of a table lies."""

    location: str = ""
    additional_locations: tuple[str, ...] = ()


class View(Shape):
    """A view that reads as whoever defined it.

    :param sub_objects: ARNs of what it reads
    """

    definer: str = ""
    sub_objects: tuple[str, ...] = ()


class Table(Shape):
    """One table of a database, or a view."""

    name: str
    storage_descriptor: Storage | None = None
    partition_keys: tuple[dict[str, str], ...] = ()
    view_definition: View | None = None


class Tables(Shape):
    """Answer of GetTables."""

    tables: tuple[Table, ...] = Field(alias="TableList")


class Partitions(Shape):
    """Where partitions of a table lie, as far as their place tells no value of it."""

    places: tuple[str, ...]


def _no_columns(answer: dict[str, Any]) -> dict[str, Any]:
    if "TableList" not in answer:
        return answer
    return {**answer, "TableList": [_no_column(one) for one in answer["TableList"]]}


def _no_column(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table without what somebody wrote about it, and without the text of a view."""
    parts = {
        "StorageDescriptor": _only(("Location", "AdditionalLocations"), table.get("StorageDescriptor", {})),
        "PartitionKeys": [_only(("Name",), one) for one in table.get("PartitionKeys", ())],
        "ViewDefinition": _only(("Definer", "SubObjects"), table.get("ViewDefinition", {})),
    }
    return {**_only(("Name",), table), **_only(table, parts)}


def _no_values(answer: dict[str, Any]) -> dict[str, Any]:
    """Places of partitions, cut before the first step that tells a value of the data."""
    if "Partitions" not in answer:
        return answer
    return {
        **_only(("NextToken",), answer),
        "Places": sorted({_before_values(one) for one in answer["Partitions"]} - {""}),
    }


def _before_values(partition: Mapping[str, Any]) -> str:
    values = {value for value in partition.get("Values", ()) if value}
    steps = partition.get("StorageDescriptor", {}).get("Location", "").split("/")
    telling = (at for at, step in enumerate(steps) if at > 2 and ("=" in step or any(one in step for one in values)))
    return "/".join(steps[: next(telling, len(steps))])


GET_TABLES = Operation(service="glue", name="get_tables", shape=Tables, action="glue:GetTables", keep=_no_columns)
GET_PARTITIONS = Operation(
    service="glue", name="get_partitions", shape=Partitions, action="glue:GetPartitions", keep=_no_values
)


def catalogs(facts: Facts, demand: Demand) -> tuple[tuple[str, Database | None], ...]:
    """Databases that the policy means, by name; ``None`` for a name in full that there is none of.

    :raises Unseen: if the policy names none, or nobody could look, or whoever looks sees another account's catalogue
    """
    audited_account(facts, demand)
    named = listed(profile(demand).catalogs, "catalogs")
    return meant({one.name: one for one in aws(facts).need(GET_DATABASES).databases}, named)


Part = tuple[str, Callable[[Facts, Demand], Answer]]


def judge_part(part: Part, facts: Facts, demand: Demand) -> Answer:
    """The answer about one part of a catalogue, of which each is asked something else."""
    return part[1](facts, demand)
