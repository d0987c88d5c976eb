"""Every executor that Airflow is configured with is one that the policy lists for this environment.

``airflow.cfg`` may name several, with teams and aliases (``LocalExecutor;team=alias:my.Executor``). A task may be sent
to any of them, so one that is not listed is one too many.
"""

from __future__ import annotations

import re

from airflow_mlsecops.checks._facts import among, runtime
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    executors = demand.profile.executors
    return among(
        "executor",
        "Airflow's executor",
        runtime(facts).executor,
        executors,
        lambda got: all(name in executors for name in _names(got)),
    )


def _names(configured: str) -> list[str]:
    """Names without team and alias: an alias is what the deployment likes to call it, not what it is."""
    parts = (part.strip() for part in re.split("[,;]", configured))
    return [part.rpartition("=")[2].rpartition(":")[2] for part in parts]


CHECK = Check(
    id="RUNTIME_EXECUTOR",
    question="Does Airflow run tasks only through executors that this environment allows?",
    why="an executor decides which machine a task, and with it the data, ends up on",
    remedy="set [core] executor in airflow.cfg to one of them, or list it under executors: in policy.yaml",
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 CM-6", "ISO 27001 A.8.9", "SOC 2 CC6.1"),
    ask=_ask,
    of_the_task=True,
)
