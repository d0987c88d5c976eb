"""The worker's host is one that the policy lists for this environment.

Globs over the host name without regard to case, as in DNS; ``*`` may stand for any run of characters.
"""

from __future__ import annotations

from airflow_mlsecops.checks._facts import among, runtime
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.policy import matches


def _ask(facts: Facts, demand: Demand) -> Answer:
    hosts = demand.profile.hosts
    return among(
        "host",
        "the worker's host",
        runtime(facts).host,
        hosts,
        lambda got: any(matches(pattern.lower(), got.lower()) for pattern in hosts),
    )


CHECK = Check(
    id="RUNTIME_HOST",
    question="Does the task run on a host that belongs to this environment?",
    why="a task on another host reads data that the environment's network and disks were meant to keep",
    remedy="send the task to a worker of this environment (queue=), or list the host under hosts: in policy.yaml",
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "NIST 800-53 CM-8", "ISO 27001 A.8.31", "SOC 2 CC6.6"),
    ask=_ask,
    of_the_task=True,
)
