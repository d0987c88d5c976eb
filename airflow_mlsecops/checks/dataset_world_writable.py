"""Nobody but the dataset's owner and group may change or replace its files.

A file that anybody may write can be poisoned between scan and training; so can one whose folder anybody may write,
unless the folder's sticky bit keeps strangers from replacing it.
"""

from __future__ import annotations

from airflow_mlsecops.checks._facts import no_file
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    return no_file(facts, lambda files: files.world_writable, "may be changed or replaced by anybody on this host")


CHECK = Check(
    id="DATASET_WORLD_WRITABLE",
    question="Are the dataset's files safe from being changed by other users of this host?",
    why="whoever can write training data can decide what the model learns",
    remedy="chmod -R o-w DATASET; and close or make sticky the folder it is in: chmod o-w FOLDER, chmod +t FOLDER",
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-3", "NIST 800-53 SI-7", "ISO 27001 A.8.3", "SOC 2 CC6.1", "GDPR Art. 32"),
    ask=_ask,
)
