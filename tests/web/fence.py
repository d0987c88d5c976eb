"""An auth manager that keeps one Dag from viewers, as Airflow's larger ones can."""

from __future__ import annotations

from typing import Any

from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager

FENCED = "payroll"
ALSO_FENCED: frozenset[str] = frozenset()


class FencedAuthManager(SimpleAuthManager):
    """Roles as Airflow ships them, but only admins may see the Dag ``payroll``, and those that a test fences off."""

    def is_authorized_dag(self, *, user: Any, details: Any = None, **asked: Any) -> bool:
        if details is not None and details.id in {FENCED, *ALSO_FENCED} and user.role != "admin":
            return False
        return super().is_authorized_dag(user=user, details=details, **asked)
