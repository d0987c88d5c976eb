"""The extra link from a gate's task instance to the Security tab of its run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

URL_ROUTE = "mlsecops-run"


class SecurityLink(BaseOperatorLink):
    """Open the verdicts of a gate's run."""

    name = "Security"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Name the Security tab of a task instance's run, relative to Airflow's own base URL.

        A leading slash would leave the path of ``[api] base_url`` out; the tab keeps Airflow's frame around the page.
        """
        return f"dags/{quote(ti_key.dag_id, safe='')}/runs/{quote(ti_key.run_id, safe='')}/plugin/{URL_ROUTE}"


class DataDocsLink(BaseOperatorLink):
    """Open the Data Docs of a validation where they are served, or its verdict where they are not."""

    name = "Data Docs"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Name the index of the Data Docs; only an address of the web is one."""
        url = str(getattr(operator, "data_docs_url", ""))
        if url.startswith(("https://", "http://")):
            return f"{url.rstrip('/')}/index.html"
        return SecurityLink().get_link(operator, ti_key=ti_key)
