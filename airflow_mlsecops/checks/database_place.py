"""The dataset's database is one that the policy lists for this environment.

Globs over ``host:port/database`` as the session itself says; the path of the file for SQLite.
"""

from __future__ import annotations

from airflow_mlsecops.checks._facts import DATABASE, among, database
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.policy import matches


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = database(facts)
    if isinstance(found, Answer):
        return found
    places = demand.profile.databases
    return among(
        DATABASE,
        "the dataset's database",
        found.place,
        places,
        lambda got: any(matches(pattern, got) for pattern in places),
    )


CHECK = Check(
    id="DATABASE_PLACE",
    question="Is the dataset's database one of this environment?",
    why="a connection that was pointed elsewhere reads another environment's customers, or trains on test data",
    remedy="point the connection at this environment's database, or list it under databases: in policy.yaml",
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-4", "NIST 800-53 CM-8", "ISO 27001 A.8.31", "SOC 2 CC6.1"),
    ask=_ask,
)
