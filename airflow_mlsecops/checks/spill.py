"""A run leaves no data on the worker's disks outside the folders that are meant for it.

What another run of the same user left meanwhile looks the same. Folders are named as the policy names them, files
never.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.environment import Spill
from airflow_mlsecops.core.facts import Facts, NotObserved, SpillFacts
from airflow_mlsecops.core.finding import Severity

_SUBJECT = "disk"


def _ask(facts: Facts, demand: Demand) -> Answer:
    most = (demand.profile.spill or Spill()).most_bytes
    expected = f"{most:,} bytes at most"
    if not isinstance(facts.spill, SpillFacts):
        return unknown(_SUBJECT, "what the run left on disk", facts.spill or NotObserved(), expected=expected)
    left = facts.spill
    got = f"{left.size:,} bytes"
    if left.size <= most:
        return passed(_SUBJECT, f"the run left {left.files:,} small files on the worker", expected=expected, got=got)
    where = " in memory" if left.in_memory else ""
    reason = f"the run left {left.files:,} files on the worker{where} that are not where data is meant to be"
    return failed(", ".join(left.folders) or _SUBJECT, reason, expected=expected, got=got)


CHECK = Check(
    id="SPILL",
    question="Does the run leave no data on the worker's disks?",
    why="the next task on this worker reads what this one left, and no gate asks whose it was",
    remedy=(
        'look at it (find {subject} -type f -user "$(id -un)" -mmin -60 -size +0), have the task delete it, or name '
        "the folder under spill: scratch: in policy.yaml"
    ),
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 SC-4", "NIST 800-53 MP-6", "ISO 27001 A.8.10", "ISO 27001 A.8.12", "SOC 2 CC6.5"),
    ask=_ask,
    probes=True,
)
