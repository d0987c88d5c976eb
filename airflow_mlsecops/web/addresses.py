"""Addresses of these pages, relative to this app's root."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from airflow_mlsecops.core.record import Run
from airflow_mlsecops.operators.links import URL_ROUTE


def of_dataset(name: str, environment: str = "", *, kind: str = "", **more: str) -> str:
    """The page of a dataset.

    :param kind: of a download: ``.json``, ``.csv`` or ``.cdx.json``
    :param more: what else is asked, left out where it is empty
    """
    asked = {"name": name, "env": environment, **more}
    chosen = {key: value.encode("utf-8", "replace") for key, value in asked.items() if value}
    return f"dataset{kind}?{urlencode(chosen)}"


def of_run(run: Run) -> str:
    """The Security tab of a run in Airflow's own frame, relative to Airflow's root."""
    return f"dags/{quote(run.dag_id, safe='')}/runs/{quote(run.run_id, safe='')}/plugin/{URL_ROUTE}"


def of_record(run: Run, record_id: str) -> str:
    """A record of a run; ``/verify`` and ``.json`` follow."""
    return f"run/{quote(run.dag_id, safe='')}/{quote(run.run_id, safe='')}/record/{record_id}"
