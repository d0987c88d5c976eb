"""An environment described as local touches local data only.

Where nobody declared an environment the shipped profile ``local`` serves: files, SQLite and frames on this machine, no
cloud job. Remote data or a cloud job under such a profile means that somebody forgot to say which environment this is.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed, unknown
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import DatabaseFacts, Facts, NotObserved
from airflow_mlsecops.core.finding import Severity

_SUBJECT = "environment"
_EXPECTED = "local files, SQLite or frames, and no cloud job"


def _ask(facts: Facts, demand: Demand) -> Answer:
    if demand.profile.remote:
        return not_applicable(_SUBJECT, f"the policy describes {demand.environment} as one that may use remote data")
    used = _remote_use(facts)
    if used:
        reason = f"{demand.environment} is for local work, yet {used}: no environment is declared for that"
        return failed(_SUBJECT, reason, expected=_EXPECTED, got=used)
    if isinstance(facts.remote, NotObserved):
        return unknown(_SUBJECT, "whether the dataset is remote", facts.remote, expected=_EXPECTED)
    if isinstance(facts.database, NotObserved):
        return unknown(_SUBJECT, "whether the database is remote", facts.database, expected=_EXPECTED)
    return passed(_SUBJECT, "the data is on this machine, and no cloud job uses it", expected=_EXPECTED)


def _remote_use(facts: Facts) -> str:
    if facts.job:
        return "a cloud job is going to be submitted"
    if isinstance(facts.database, DatabaseFacts) and not facts.database.local:
        return "the dataset is on a database server"
    return "the dataset is remote" if facts.remote is True else ""


CHECK = Check(
    id="ENV_NOT_DECLARED",
    question="Is remote data used only where an environment was declared for it?",
    why="without a declared environment nobody has said which data, accounts and people belong here",
    remedy=(
        "declare the environment: airflow connections add mlsecops_default --conn-type mlsecops --conn-extra "
        '\'{"environment": "prod-train"}\'; then demand it in the DAG: environment="prod-train"'
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-4", "NIST 800-53 CM-8", "ISO 27001 A.8.31", "SOC 2 CC6.1"),
    ask=_ask,
)
