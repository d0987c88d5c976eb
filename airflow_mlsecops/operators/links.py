"""The extra link from a gate's task instance to its Security tab."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

URL_ROUTE = "mlsecops-run"
TASK_ROUTE = "mlsecops-task"
DAG_ROUTE = "mlsecops-dag"


class SecurityLink(BaseOperatorLink):
    """Open the verdict of a gate."""

    name = "Security"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Name the Security tab of a task instance, relative to Airflow's own base URL.

        A leading slash would leave the path of ``[api] base_url`` out; the tab keeps Airflow's frame around the page.
        """
        return f"{instance_address(ti_key.dag_id, ti_key.run_id, ti_key.task_id, ti_key.map_index)}/plugin/{TASK_ROUTE}"


def instance_address(dag_id: str, run_id: str, task_id: str, map_index: int) -> str:
    """Where Airflow shows a task instance, relative to its base URL.

    :param map_index: -1 for a task that is not mapped
    """
    dag, run, task = (quote(text, safe="") for text in (dag_id, run_id, task_id))
    mapped = f"/mapped/{map_index}" if map_index >= 0 else ""
    return f"dags/{dag}/runs/{run}/tasks/{task}{mapped}"


class DataDocsLink(BaseOperatorLink):
    """Open the Data Docs of a validation where they are served, or its verdict where they are not."""

    name = "Data Docs"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Name the index of the Data Docs; only an address of the web is one."""
        url = str(getattr(operator, "data_docs_url", ""))
        if url.startswith(("https://", "http://")):
            return f"{url.rstrip('/')}/index.html"
        return SecurityLink().get_link(operator, ti_key=ti_key)
