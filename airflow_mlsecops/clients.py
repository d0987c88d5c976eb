"""What sources read through: paths, databases and frames, opened with Airflow's own connections."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.facts import ConnectionFacts, NotObserved


class AirflowClients:
    """Clients of one task; its context gives access to frames in XCom.

    :param context: Airflow's context, or ``None`` outside a task: then there are no frames
    """

    def __init__(self, context: Mapping[str, Any] | None = None) -> None:
        self._context = context or {}

    @staticmethod
    def path(uri: str) -> Any:
        """A local path, or an object store's path that carries its connection.

        :raises ImportError: if nothing installed here opens such a store
        """
        if uri.startswith("file://"):
            return Path(uri.removeprefix("file://"))
        from airflow.sdk import ObjectStoragePath
        from airflow.sdk.io import has_fs

        if not has_fs(uri.partition("://")[0]):
            raise ImportError("no provider that is installed here brings such a file system")
        return ObjectStoragePath(uri)

    @staticmethod
    def database(connection: str) -> AirflowDatabase:
        """The database behind an Airflow connection."""
        return AirflowDatabase(connection)

    @staticmethod
    def sqlalchemy_url(connection: str) -> str | None:
        """SQLAlchemy's URL of a connection's database, password and all; ``None`` if its hook has none."""
        hook = BaseHook.get_connection(connection).get_hook()  # type: ignore[no-untyped-call]
        try:
            url = getattr(hook, "sqlalchemy_url", None)
        except NotImplementedError:
            return str(hook.get_uri())  # SQLite's hook knows its address, and does not know it as an URL
        if url is None:
            return None
        if str(url.host or "").startswith("/"):
            # A socket's folder, which some readers of URLs lose where hosts stand.
            place = {"host": str(url.host), **({"port": str(url.port)} if url.port else {})}
            url = url._replace(host=None, port=None).update_query_dict(place)
        return str(url.render_as_string(hide_password=False))

    def frame(self, task_id: str) -> object:
        """What a task of this run returned.

        :raises SourceError: ``NOT_FOUND`` if it returned nothing
        """
        task_instance = self._context.get("ti")
        if task_instance is None:
            raise SourceError(f"xcom://{task_id} can only be read inside a task", code="NOT_FOUND")
        frame = task_instance.xcom_pull(task_ids=task_id)
        if frame is None:
            raise SourceError(
                f"task {task_id} returned nothing in this run: put it upstream, and let it return the frame",
                code="NOT_FOUND",
            )
        return frame

    def frame_identity(self, task_id: str) -> str:
        """Identity of a task's frame: the DAG and the task that made it."""
        task_instance = self._context.get("ti")
        return f"xcom://{getattr(task_instance, 'dag_id', '')}/{task_id}"


class AirflowDatabase:
    """One SQL database behind an Airflow connection, through its ``DbApiHook``.

    :raises SourceError: ``NO_CONNECTION`` if there is none, ``NO_PROVIDER`` if nothing installed opens its type,
        ``NOT_SQL`` if it is of another kind
    """

    def __init__(self, connection: str) -> None:
        try:
            self._connection = BaseHook.get_connection(connection)
        except AirflowNotFoundException:
            raise SourceError(
                f"connection {connection} is not there: create it under Admin > Connections", code="NO_CONNECTION"
            ) from None
        self._hook: Any = self._opened(connection)
        if not hasattr(self._hook, "get_conn") or not hasattr(self._hook, "get_records"):
            raise SourceError(f"connection {connection} is no SQL connection (no DbApiHook)", code="NOT_SQL")
        self.dialect = self._dialect()
        self.local = self.dialect == "sqlite"
        self.place = self._place()

    def _opened(self, connection: str) -> Any:
        try:
            return self._connection.get_hook()  # type: ignore[no-untyped-call]
        except (AirflowException, ImportError):
            kind = self._connection.conn_type
            failure = f"connection {connection} is of type {kind}, which nothing here opens: install Airflow's provider"
        raise SourceError(failure, code="NO_PROVIDER")

    @property
    def paramstyle(self) -> str:
        """DB-API parameter style of the driver: ``qmark``, ``format``, ``pyformat``…"""
        return "qmark" if self.dialect == "sqlite" else "pyformat"

    def connect(self) -> Any:
        """A DB-API connection; the caller closes it."""
        return self._hook.get_conn()

    def _dialect(self) -> str:
        kind = str(self._connection.conn_type)
        return {"postgresql": "postgres"}.get(kind, kind)

    def _place(self) -> str:
        connection = self._connection
        if self.local:
            return str(Path(connection.host or "").resolve())
        port = connection.port or _PORTS.get(self.dialect, 0)
        return f"{connection.host or 'localhost'}:{port}/{connection.schema or ''}"


_PORTS = {"postgres": 5432, "mysql": 3306, "mssql": 1433, "redshift": 5439, "trino": 8080, "oracle": 1521}


def connection_facts(connection: str) -> ConnectionFacts | NotObserved:
    """What an Airflow connection says of itself, without its secrets."""
    try:
        found = BaseHook.get_connection(connection)
    except AirflowNotFoundException:
        return NotObserved(why=f"connection {connection} is not there")
    extra: object = found.extra_dejson
    if not isinstance(extra, dict):  # Airflow hands on whatever JSON it reads there
        return NotObserved(why=f"the extra of connection {connection} is no JSON object")
    tag = extra.get("mlsecops_environment", "")
    return ConnectionFacts(
        id=connection, type=str(found.conn_type), host=found.host or "", environment=tag if isinstance(tag, str) else ""
    )
