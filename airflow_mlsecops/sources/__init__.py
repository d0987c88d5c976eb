"""Where data lives, one file per kind of place."""

from __future__ import annotations

from collections.abc import Callable

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.sources import files, frames, objects, sql
from airflow_mlsecops.sources.apart import under_other_rules
from airflow_mlsecops.sources.interface import Clients, Database, Source, Staging, Target
from airflow_mlsecops.sources.local import LocalClients
from airflow_mlsecops.sources.look import glance, look
from airflow_mlsecops.sources.quarantine import members_of, open_member, set_aside
from airflow_mlsecops.sources.targets import open_target, refuse_overlap

__all__ = [
    "Clients",
    "Database",
    "LocalClients",
    "Source",
    "Staging",
    "Target",
    "glance",
    "identity_of",
    "look",
    "members_of",
    "open_member",
    "open_source",
    "open_target",
    "refuse_overlap",
    "set_aside",
    "typed",
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


def typed(source: Source) -> Source:
    """The source with cells in the types that it declares: a table's; those of files and frames are so already."""
    return source.typed() if isinstance(source, sql.Table) else source


def identity_of(dataset: Dataset, clients: Clients) -> str:
    """Connection-free name of a dataset, in OpenLineage naming, without looking at its data."""
    return _IDENTITIES.get(dataset.scheme, objects.identity)(dataset, clients)
