"""Airflow's own authentication of requests, as FastAPI dependencies.

These names live in ``core_api.security``, which Airflow does not declare public: nothing else in this package imports
from there, and ``tests/web/test_auth.py`` fails with the first Airflow that moves them or changes what they do.
"""

from __future__ import annotations

from typing import Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import GetUserDep, get_user, requires_access_dag

from airflow_mlsecops.core.errors import MlsecopsError

logged_in = get_user
# It reads the path parameter that is named exactly ``dag_id``: another name would ask for all Dags, or none.
may_see_runs = requires_access_dag("GET", DagAccessEntity.RUN)


class DagsNotDetermined(MlsecopsError):
    """Airflow did not say which Dags somebody may read: nothing is shown."""

    code = "DAGS_NOT_DETERMINED"


def dags_to_see(user: GetUserDep) -> frozenset[str]:
    """The Dags that the user may read, as Airflow's auth manager lists them.

    :raises DagsNotDetermined: if it does not
    """
    try:
        dags = _listed(user)
    except Exception as error:  # noqa: BLE001 - an auth manager may raise anything; its text may hold anything
        raise DagsNotDetermined(f"the auth manager did not list them ({type(error).__name__})") from None
    if not isinstance(dags, (set, frozenset)) or not all(isinstance(dag_id, str) for dag_id in dags):
        raise DagsNotDetermined(f"the auth manager listed no set of ids but {type(dags).__name__}")
    return frozenset(dags)


def _listed(user: Any) -> object:
    return get_auth_manager().get_authorized_dag_ids(user=user, method="GET")


__all__ = ["DagsNotDetermined", "dags_to_see", "logged_in", "may_see_runs"]
