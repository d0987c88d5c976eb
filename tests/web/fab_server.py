"""Airflow's API server with the roles of the FAB provider, over the estate: ``python -m tests.web.fab_server PORT``.

A process of its own, since one process has one auth manager. Everything else is as Airflow does it: it finds and mounts
the pages itself, and people log in with their passwords.
"""

from __future__ import annotations

import sys

from tests.web.estate import FAR, NEAR, records

ALL_RUNS, THE_SITE = ("can_read", "DAG Runs"), ("can_read", "Website")


def each(*dags: str) -> tuple[tuple[str, str], ...]:
    """The permission to read each of some Dags."""
    return tuple(("can_read", f"DAG:{dag_id}") for dag_id in dags)


# What people of that name may do; ``everybody`` reads all Dags, ``partly`` runs of one Dag by the older permission.
ROLES = {
    "near": (THE_SITE, ALL_RUNS, *each(*NEAR.dags)),
    "far": (THE_SITE, ALL_RUNS, *each(*FAR.dags)),
    "everybody": (THE_SITE, ALL_RUNS, ("can_read", "DAGs")),
    "nobody": (THE_SITE, ALL_RUNS),
    "runless": (THE_SITE, *each(*NEAR.dags)),
    "partly": (THE_SITE, *each(NEAR.dags[0]), ("can_read", f"DAG Run:{NEAR.dags[0]}")),
}


def people() -> None:
    """Make a role of each, and who has it: the password is the name."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        for name, permissions in ROLES.items():
            role = builder.sm.add_role(f"{name}_role")
            for action, resource in permissions:
                builder.sm.add_permission_to_role(role, builder.sm.create_permission(action, resource))
            assert builder.sm.add_user(name, name, name, f"{name}@example.com", role=role, password=name)


def dags() -> None:
    """Let Airflow know the Dags: it lists no others."""
    from airflow.models.dag import DagModel
    from airflow.models.dagbundle import DagBundleModel
    from airflow.utils.session import create_session

    with create_session() as session:
        session.add(DagBundleModel(name="estate"))
        session.flush()
        session.add_all(DagModel(dag_id=dag, bundle_name="estate", fileloc="x.py") for dag in (*NEAR.dags, *FAR.dags))


def main(port: int) -> None:
    """Make the database, the people and the ledger, then serve."""
    import uvicorn
    from airflow.utils.db import initdb

    from airflow_mlsecops.hook import MlsecopsHook

    initdb()
    people()
    dags()
    with MlsecopsHook().ledger() as ledger:
        for record in sorted((*records(NEAR, 2), *records(FAR, 2)), key=lambda record: record.time):
            ledger.append(record)

    from airflow.api_fastapi.app import create_app

    uvicorn.run(create_app(apps="core"), port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]))
