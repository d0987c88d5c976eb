"""The pages, one module each; the order of the routers is that in which addresses are tried."""

from __future__ import annotations

from airflow_mlsecops.web.routes import blast, dataset, overview, run, task

ROUTERS = (overview.router, blast.router, dataset.router, run.router, task.router)
