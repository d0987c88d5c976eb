"""The session's user in the dataset's database is no superuser, and cannot become one."""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.checks._facts import DATABASE, server
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "a user that may do what this pipeline does"


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = server(facts, "the database is a file: it has no users")
    if isinstance(found, Answer):
        return found
    if isinstance(found.superuser, NotObserved):
        return unknown(DATABASE, "what the session's user may do", found.superuser, expected=_EXPECTED)
    user = found.user if isinstance(found.user, str) else None
    if found.superuser:
        reason = "the session's user may do anything in this database, or become somebody who may"
        return failed(DATABASE, reason, expected=_EXPECTED, got=user)
    return passed(DATABASE, "the session's user is no superuser", expected=_EXPECTED, got=user)


CHECK = Check(
    id="DATABASE_SUPERUSER",
    question="Is the session's database user an ordinary one?",
    why="a superuser reads every table, passes row security, and can read files of the server",
    remedy="give the connection a user of its own: CREATE ROLE pipeline LOGIN; GRANT SELECT ON TABLE … TO pipeline;",
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-6", "ISO 27001 A.8.2", "SOC 2 CC6.3"),
    ask=_ask,
)
