"""The operating-system user that the task runs as is one that the policy lists for this environment."""

from __future__ import annotations

from airflow_mlsecops.checks._facts import among, runtime
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    users = demand.profile.users
    return among("user", "the task's operating-system user", runtime(facts).user, users, users.__contains__)


CHECK = Check(
    id="RUNTIME_USER",
    question="Does the task run as an operating-system user of this environment?",
    why="file permissions and audit trails mean something only if each environment's tasks have a user of their own",
    remedy="run the worker as that user, set run_as_user= on the task, or list the user under users: in policy.yaml",
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-2", "NIST 800-53 AC-6", "ISO 27001 A.5.15", "SOC 2 CC6.1"),
    ask=_ask,
    of_the_task=True,
)
