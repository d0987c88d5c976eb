"""Databases of the Glue catalogue: the question, and what is read of its answer."""

from __future__ import annotations

from collections.abc import Callable
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
    target_database: Target | None = None
    federated_database: Federated | None = None


class Databases(Shape):
    """Answer of GetDatabases."""

    databases: tuple[Database, ...] = Field(alias="DatabaseList")


def _no_parameters(answer: dict[str, Any]) -> dict[str, Any]:
    """Parameters and descriptions hold whatever somebody wrote there; no check reads them."""
    if "DatabaseList" not in answer:
        return answer
    kept = ("Name", "TargetDatabase", "FederatedDatabase")
    databases = [{name: one[name] for name in kept if name in one} for one in answer["DatabaseList"]]
    return {**answer, "DatabaseList": databases}


GET_DATABASES = Operation(
    service="glue", name="get_databases", shape=Databases, action="glue:GetDatabases", keep=_no_parameters
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
