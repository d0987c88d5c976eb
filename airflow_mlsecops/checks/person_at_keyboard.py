"""No desktop, notebook or remote shell surrounds the task: a scheduler started it, not a person.

Signs are names of environment variables that desktops, notebooks, editors and SSH set, and the operating system: macOS,
Windows and WSL are what people work on. They can be unset by who wants to; they stop mistakes, not malice.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.checks._facts import runtime
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved, RuntimeFacts
from airflow_mlsecops.core.finding import Severity

_SUBJECT = "worker"
_EXPECTED = "a worker that a scheduler drives"
_DESKTOPS = ("Darwin", "Windows", "WSL")


def _ask(facts: Facts, demand: Demand) -> Answer:
    here = runtime(facts)
    signs = _signs(here)
    if signs:
        reason = "the task runs where a person works: on a desktop, in a notebook or in a remote shell"
        return failed(_SUBJECT, reason, expected=_EXPECTED, got=", ".join(signs))
    if isinstance(here.hints, NotObserved):
        return unknown(_SUBJECT, "the task's surroundings", here.hints, expected=_EXPECTED)
    if isinstance(here.system, NotObserved):
        return unknown(_SUBJECT, "the operating system", here.system, expected=_EXPECTED)
    return passed(_SUBJECT, "nothing hints at a person at a keyboard", expected=_EXPECTED, got=here.system)


def _signs(here: RuntimeFacts) -> tuple[str, ...]:
    hints = () if isinstance(here.hints, NotObserved) else here.hints
    return (*sorted(hints), *(name for name in _DESKTOPS if here.system == name))


CHECK = Check(
    id="PERSON_AT_KEYBOARD",
    question="Was this task started by a scheduler, rather than by a person at a keyboard?",
    why="data that reaches a person's machine stays in its caches, histories and backups, outside every control",
    remedy=(
        "trigger the DAG on the deployment instead: airflow dags trigger DAG_ID; if this is a worker, start it as a "
        "service, so that no login session's variables reach it"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-3", "NIST 800-53 IA-2", "ISO 27001 A.5.15", "ISO 27001 A.8.12", "SOC 2 CC6.1"),
    ask=_ask,
    of_the_task=True,
)
