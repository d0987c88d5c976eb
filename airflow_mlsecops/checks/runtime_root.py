"""The task does not run as root.

Many images run as root, also in build pipelines; so the shipped policy does not require this, and yours may.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.checks._facts import runtime
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity

_SUBJECT = "user"
_EXPECTED = "a user id other than 0"


def _ask(facts: Facts, demand: Demand) -> Answer:
    uid = runtime(facts).uid
    if isinstance(uid, NotObserved):
        return unknown(_SUBJECT, "the task's user id", uid, expected=_EXPECTED)
    if uid == 0:
        return failed(_SUBJECT, "the task runs as root: no file permission holds it back", expected=_EXPECTED, got="0")
    return passed(_SUBJECT, "the task runs as an ordinary user", expected=_EXPECTED, got=str(uid))


CHECK = Check(
    id="RUNTIME_ROOT",
    question="Does the task run as an ordinary user rather than as root?",
    why="root reads every file on the host, whoever it was meant for",
    remedy="start the worker as an ordinary user: USER airflow in its image, or runAsNonRoot: true in its pod",
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 AC-6", "ISO 27001 A.8.2", "SOC 2 CC6.3"),
    ask=_ask,
    of_the_task=True,
)
