"""The pages, one module each; the order of the routers is that in which addresses are tried."""

from __future__ import annotations

from airflow_mlsecops.web.routes import blast, dag, dataset, overview, run, task, waivers

ROUTERS = (overview.router, blast.router, dag.router, dataset.router, run.router, task.router, waivers.router)
