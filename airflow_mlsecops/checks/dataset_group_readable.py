"""Nobody but the dataset's owner may read its files, not even their group.

Groups are the usual way to share within a team; so the shipped policy does not require this, and yours may.
"""

from __future__ import annotations

from airflow_mlsecops.checks._facts import no_file
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    return no_file(facts, lambda files: files.group_readable, "may be read by their group or by users an ACL names")


CHECK = Check(
    id="DATASET_GROUP_READABLE",
    question="May only their owner read the dataset's files?",
    why="membership of groups grows over the years, and nobody reviews it",
    remedy="chmod -R g-rwx DATASET; where an ACL names users or groups: setfacl -R -b DATASET",
    severity=Severity.LOW,
    standards=("NIST 800-53 AC-6", "ISO 27001 A.8.3", "SOC 2 CC6.3"),
    ask=_ask,
)
