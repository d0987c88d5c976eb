"""Whether a connection is absent: Airflow says the same where its database or API did not answer."""

from __future__ import annotations

import sys
from typing import Any

from airflow_mlsecops.core.errors import SettingsError


def require_absent(conn_id: str) -> None:
    """Ask every place that holds connections once more, where a failure shows.

    Airflow's own look-up takes any failure of a secrets backend for "not there" (``_get_connection`` of its SDK). A
    gate that then ran on embedded defaults would ask a laxer policy whenever the database is down.

    :raises SettingsError: ``CONNECTION_NOT_OBSERVED`` if one of them could not be asked, or has it after all
    """
    from airflow.sdk.execution_time.supervisor import ensure_secrets_backend_loaded

    for backend in ensure_secrets_backend_loaded():
        trouble = _trouble(backend, conn_id)
        if trouble:
            raise SettingsError(
                f"nobody could say whether connection {conn_id} is there ({type(backend).__name__}: {trouble}): see "
                "`airflow db check` and the API server's log; embedded defaults serve only where it is surely absent",
                code="CONNECTION_NOT_OBSERVED",
            )


def _trouble(backend: Any, conn_id: str) -> str:
    """Why a backend's answer is not "it is not here"; empty if it is."""
    from airflow.sdk.execution_time.secrets.execution_api import ExecutionAPISecretsBackend

    try:
        if isinstance(backend, ExecutionAPISecretsBackend):
            return _trouble_of_supervisor(conn_id)
        found = backend.get_connection(conn_id=conn_id)
    # A backend may raise anything, and its text may hold a token: it is told by its class.
    except Exception as error:  # noqa: BLE001
        return type(error).__name__
    return "it answers only now" if found is not None else ""


def _trouble_of_supervisor(conn_id: str) -> str:
    """The same of the API server, whose backend in Airflow makes no difference between an error and an absence."""
    from airflow.sdk.exceptions import ErrorType
    from airflow.sdk.execution_time.comms import ErrorResponse, GetConnection

    comms: Any = getattr(sys.modules.get("airflow.sdk.execution_time.task_runner"), "SUPERVISOR_COMMS", None)
    answer = comms.send(GetConnection(conn_id=conn_id))
    if not isinstance(answer, ErrorResponse):
        return "it answers only now"
    return "" if answer.error is ErrorType.CONNECTION_NOT_FOUND else str(answer.error.value)
