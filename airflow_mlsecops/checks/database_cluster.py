"""The dataset's database is on a cluster that the policy lists for this environment, by the cluster's own id.

PostgreSQL makes ``system_identifier`` once, when a cluster is created: a name or an address can be pointed elsewhere,
it cannot. A physical copy of the cluster carries the same id.
"""

from __future__ import annotations

from airflow_mlsecops.checks._facts import among, server
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = server(facts, "the database is a file: it belongs to no cluster")
    if isinstance(found, Answer):
        return found
    clusters = demand.profile.clusters
    return among("cluster", "the cluster of the dataset's database", found.cluster, clusters, clusters.__contains__)


CHECK = Check(
    id="DATABASE_CLUSTER",
    question="Is the dataset's database on a cluster of this environment?",
    why="an address may lead to another server tomorrow, and the gate would read, and let through, other data",
    remedy=(
        "point the connection at this environment's cluster, or list its id under clusters: in policy.yaml: "
        "SELECT system_identifier FROM pg_control_system();"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-4", "NIST 800-53 IA-3", "ISO 27001 A.8.31", "SOC 2 CC6.1"),
    ask=_ask,
)
