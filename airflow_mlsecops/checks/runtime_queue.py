"""The queue that the task was sent to is one that the policy lists for this environment."""

from __future__ import annotations

from airflow_mlsecops.checks._facts import among, runtime
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    queues = demand.profile.queues
    return among("queue", "the task's queue", runtime(facts).queue, queues, queues.__contains__)


CHECK = Check(
    id="RUNTIME_QUEUE",
    question="Was the task sent to a queue that this environment's workers serve?",
    why="a shared queue hands the task to whichever worker is free, also to one of another environment",
    remedy="set queue= on the task to one of them, or list the queue under queues: in policy.yaml",
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 SC-7", "ISO 27001 A.8.31", "SOC 2 CC6.6"),
    ask=_ask,
    of_the_task=True,
)
