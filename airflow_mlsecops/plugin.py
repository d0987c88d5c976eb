"""What Airflow's plugin loader finds: MLSecOps in the menu, and the Security tabs."""

from __future__ import annotations

from typing import Any

from airflow.plugins_manager import AirflowPlugin

from airflow_mlsecops.operators.links import DAG_ROUTE, TASK_ROUTE, URL_ROUTE

PREFIX = "/mlsecops"


class MlsecopsPlugin(AirflowPlugin):
    """Add the overview to Airflow's menu, and the Security tab to every Dag, Dag run and task instance."""

    name = "mlsecops"
    external_views = [
        {
            "name": "MLSecOps",
            "href": f"{PREFIX.removeprefix('/')}/overview",
            "destination": "nav",
            "url_route": "mlsecops",
            # Known from Airflow 3.3 on; before, the entry stands in the menu Plugins.
            "nav_top_level": True,
        },
        {
            "name": "Security",
            # No leading slash: it is resolved against Airflow's <base href>, which may have a path of its own.
            "href": f"{PREFIX.removeprefix('/')}/run/{{DAG_ID}}/{{RUN_ID}}",
            "destination": "dag_run",
            "url_route": URL_ROUTE,
        },
        {
            "name": "Security",
            # Airflow leaves {MAP_INDEX} as it is where a task is not mapped.
            "href": "mlsecops/task/{DAG_ID}/{RUN_ID}?task_id={TASK_ID}&map_index={MAP_INDEX}",
            "destination": "task_instance",
            "url_route": TASK_ROUTE,
        },
        {
            "name": "Security",
            "href": f"{PREFIX.removeprefix('/')}/dag/{{DAG_ID}}",
            "destination": "dag",
            "url_route": DAG_ROUTE,
        },
    ]

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """Build the pages' app; only the API server asks, so that no worker ever imports FastAPI for it."""
        from airflow_mlsecops.web.app import app

        return [{"app": app, "url_prefix": PREFIX, "name": "mlsecops"}]
