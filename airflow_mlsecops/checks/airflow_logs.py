"""Task logs stay on Airflow's own disks, or go to a store of this environment."""

from __future__ import annotations

from airflow_mlsecops.checks._stores import airflow, store
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = airflow(facts)
    return store("logs", "task logs", found.logs, found.logs_environment, inside="local", demand=demand)


CHECK = Check(
    id="AIRFLOW_LOGS",
    question="Do task logs stay in this environment?",
    why="tasks print what they stumble over: rows end up in logs, and with them in whatever store those are sent to",
    remedy=(
        "set [logging] remote_base_log_folder in airflow.cfg to a store of this environment, tag its connection "
        "with mlsecops_environment, or list the store under stores: in policy.yaml"
    ),
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 AC-4", "NIST 800-53 AU-9", "ISO 27001 A.8.15", "ISO 27001 A.8.31", "SOC 2 CC6.6"),
    ask=_ask,
)
