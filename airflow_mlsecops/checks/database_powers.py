"""The session's user may do nothing in its database server beyond reading and writing what it was granted.

Powers are attributes of its role (``CREATEROLE``, ``CREATEDB``, ``BYPASSRLS``, ``REPLICATION``) and membership of roles
that PostgreSQL or a cloud predefines, also where they must be taken up by ``SET ROLE``. That it may do anything is
DATABASE_SUPERUSER's question; of a superuser this one is not answered.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.checks._facts import DATABASE, server
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "none beyond what was granted"


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = server(facts, "the database is a file: it has no users")
    if isinstance(found, Answer):
        return found
    if isinstance(found.powers, NotObserved):
        return unknown(DATABASE, "what the session's user may do", found.powers, expected=_EXPECTED)
    if found.powers:
        reason = "the session's user may do more than it was granted on tables"
        return failed(DATABASE, reason, expected=_EXPECTED, got=", ".join(found.powers))
    return passed(DATABASE, "the session's user may do what it was granted, and no more", expected=_EXPECTED)


CHECK = Check(
    id="DATABASE_POWERS",
    question="Is the session's database user without powers over roles, row security, replication and all tables?",
    why="such a user reads what nobody granted it, or hands out access that nobody reviewed",
    remedy=(
        "take them away: ALTER ROLE pipeline NOCREATEROLE NOCREATEDB NOBYPASSRLS NOREPLICATION; "
        "REVOKE pg_read_all_data FROM pipeline;"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-6", "ISO 27001 A.8.2", "SOC 2 CC6.3"),
    ask=_ask,
)
