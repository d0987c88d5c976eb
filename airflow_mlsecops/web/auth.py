"""Airflow's own authentication of requests, as FastAPI dependencies.

These names live in ``core_api.security``, which Airflow does not declare public: nothing else in this package imports
from there, and ``tests/web/test_auth.py`` fails with the first Airflow that moves them or changes what they do.
"""

from __future__ import annotations

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import get_user, requires_access_dag

logged_in = get_user
# It reads the path parameter that is named exactly ``dag_id``: another name would ask for all Dags, or none.
may_see_runs = requires_access_dag("GET", DagAccessEntity.RUN)

__all__ = ["logged_in", "may_see_runs"]
