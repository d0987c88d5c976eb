"""Where Airflow itself keeps what tasks print and what they hand on: both may hold what the tasks read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.facts import AirflowFacts, ConnectionFacts, NotObserved

LOCAL = "local"
DATABASE = "database"
_IN_DATABASE = (
    "airflow.sdk.execution_time.xcom.BaseXCom",
    "airflow.sdk.bases.xcom.BaseXCom",
    "airflow.models.xcom.BaseXCom",
)
_IN_STORE = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"

Lookup = Callable[[str], ConnectionFacts | NotObserved]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """What ``airflow.cfg`` says of both.

    :param remote_logging: whether logs are handed on to a store
    :param logging_class: what sets logging up instead of Airflow; empty: Airflow
    :param log_folder: URI of that store; ``log_connection``: id of the connection it is reached by
    :param xcom_backend: class that keeps what tasks return; empty: Airflow's own
    :param xcom_path: URI of its store, which carries its connection
    """

    remote_logging: bool = False
    logging_class: str = ""
    log_folder: str = ""
    log_connection: str = ""
    xcom_backend: str = ""
    xcom_path: str = ""


def observe(configured: Configured, lookup: Lookup) -> AirflowFacts:
    """Read the configuration, and look up where the connections in it belong.

    :param lookup: what a connection says of itself, by its id
    """
    logs, logs_environment = _logs(configured, lookup)
    xcom, xcom_environment = _xcom(configured, lookup)
    return AirflowFacts(logs=logs, logs_environment=logs_environment, xcom=xcom, xcom_environment=xcom_environment)


_Place = tuple[str | NotObserved, str | NotObserved]


def _logs(configured: Configured, lookup: Lookup) -> _Place:
    if configured.logging_class:
        unknown = NotObserved(why=f"nobody knows where {configured.logging_class} sends them")
        return unknown, unknown
    if not configured.remote_logging:
        return _without_connection(LOCAL)
    return _store(configured.log_folder, configured.log_connection, lookup)


def _xcom(configured: Configured, lookup: Lookup) -> _Place:
    if configured.xcom_backend in ("", *_IN_DATABASE):
        return _without_connection(DATABASE)
    if configured.xcom_backend == _IN_STORE:
        return _store(configured.xcom_path, "", lookup)
    unknown = NotObserved(why=f"nobody knows where {configured.xcom_backend} keeps it")
    return unknown, unknown


def _without_connection(place: str) -> _Place:
    return place, NotObserved(why="no connection leads there")


def _store(uri: str, connection: str, lookup: Lookup) -> _Place:
    try:
        read = parse(uri)
    except ValueError:
        unread = NotObserved(why="airflow.cfg names no store as a URI that can be read")
        return unread, unread
    place = f"{read.store}://{read.path.removesuffix('/')}"
    return place, _environment(connection or read.connection, lookup)


def _environment(connection: str, lookup: Lookup) -> str | NotObserved:
    if not connection:
        return NotObserved(why="airflow.cfg names no connection for it")
    found = lookup(connection)
    return found if isinstance(found, NotObserved) else found.environment
