"""The dataset's files belong to root or to the user that the task runs as.

Their owner may change files, and may open them again after somebody closed them.
"""

from __future__ import annotations

from airflow_mlsecops.checks._facts import no_file
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    return no_file(facts, lambda files: files.foreign_owner, "belong to somebody other than root or the task's user")


CHECK = Check(
    id="DATASET_FOREIGN_OWNER",
    question="Do the dataset's files belong to root or to the task's own user?",
    why="the owner of a file can change what a model learns after it was scanned",
    remedy='chown -R "$(id -u AIRFLOW_USER)" DATASET, or let a task of this environment copy the data first',
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-3", "NIST 800-53 SI-7", "ISO 27001 A.8.3", "SOC 2 CC6.1"),
    ask=_ask,
)
