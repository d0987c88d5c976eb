"""Nobody but the dataset's owner and group may read its files.

A file counts if others may read it and may pass every folder above it: one in a closed folder is closed.
"""

from __future__ import annotations

from airflow_mlsecops.checks._facts import no_file
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    return no_file(facts, lambda files: files.world_readable, "may be read by anybody on this host")


CHECK = Check(
    id="DATASET_WORLD_READABLE",
    question="Are the dataset's files closed to other users of this host?",
    why="every user and every task of this host can copy what anybody may read, and no log tells",
    remedy="chmod -R o-rwx DATASET; and in the task that writes it: os.umask(0o077)",
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-3", "NIST 800-53 AC-6", "ISO 27001 A.8.3", "SOC 2 CC6.1", "GDPR Art. 32"),
    ask=_ask,
)
