"""What tasks return stays in Airflow's database, or goes to a store of this environment."""

from __future__ import annotations

from airflow_mlsecops.checks._stores import airflow, store
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = airflow(facts)
    return store("xcom", "results of tasks", found.xcom, found.xcom_environment, inside="database", demand=demand)


CHECK = Check(
    id="AIRFLOW_XCOM",
    question="Does what tasks hand on to each other stay in this environment?",
    why="a task that returns a frame writes all of it into XCom, and so into whatever store that is kept in",
    remedy=(
        "set [common.io] xcom_objectstorage_path in airflow.cfg to a store of this environment, tag its connection "
        "with mlsecops_environment, or list the store under stores: in policy.yaml"
    ),
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 AC-4", "ISO 27001 A.8.12", "ISO 27001 A.8.31", "SOC 2 CC6.6"),
    ask=_ask,
)
