"""Where data lives, one file per kind of place."""

from __future__ import annotations

from collections.abc import Callable

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.sources import files, frames, objects, sql
from airflow_mlsecops.sources.apart import under_other_rules
from airflow_mlsecops.sources.interface import Clients, Database, Source
from airflow_mlsecops.sources.local import LocalClients
from airflow_mlsecops.sources.look import glance, look

__all__ = [
    "Clients",
    "Database",
    "LocalClients",
    "Source",
    "glance",
    "identity_of",
    "look",
    "open_source",
    "under_other_rules",
]

_OPENERS: dict[str, Callable[[Dataset, str, Clients], Source]] = {
    "file": files.open_files,
    "sql": sql.open_table,
    "xcom": frames.open_frame,
}
_IDENTITIES = {"file": files.identity, "sql": sql.identity, "xcom": frames.identity}


def open_source(dataset: Dataset, partition: str, clients: Clients) -> Source:
    """Open a dataset, or one partition of it, for reading.

    :param partition: a relative path below files and objects, ``column=value`` for a table, empty for everything
    :raises SourceError: if it is not there, with a code for each reason
    """
    return _OPENERS.get(dataset.scheme, objects.open_objects)(dataset, partition, clients)


def identity_of(dataset: Dataset, clients: Clients) -> str:
    """Connection-free name of a dataset, in OpenLineage naming, without looking at its data."""
    return _IDENTITIES.get(dataset.scheme, objects.identity)(dataset, clients)
