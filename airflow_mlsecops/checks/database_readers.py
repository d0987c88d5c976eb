"""Whoever can log in to the database and read the dataset's table is a role that the policy lists.

Superusers and the table's owner are readers like everybody else; so is who may become a reader by ``SET ROLE``. Views
and functions by which somebody else reads the table are not followed.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed, unknown
from airflow_mlsecops.checks._facts import DATABASE, server
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.policy import matches

_NOBODY_NAMED = NotObserved(why="the policy names none")


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = server(facts, "the database is a file: it has no users")
    if isinstance(found, Answer):
        return found
    if found.readers is None:
        return not_applicable(DATABASE, "the dataset is no table")
    allowed = demand.profile.readers
    if not allowed:
        return unknown(DATABASE, "who may read the dataset's table (readers)", _NOBODY_NAMED)
    expected = "none but " + ", ".join(sorted(allowed))
    if isinstance(found.readers, NotObserved):
        return unknown(DATABASE, "who reads the dataset's table", found.readers, expected=expected)
    strangers = [role for role in found.readers if not any(matches(pattern, role) for pattern in allowed)]
    if strangers:
        reason = f"{len(strangers):,} roles that the policy does not list can log in and read the dataset's table"
        # A waiver names a subject: it must not cover a reader that is added tomorrow.
        return failed(", ".join(strangers), reason, expected=expected, got=", ".join(strangers))
    reason = f"the policy lists each of the {len(found.readers):,} roles that can log in and read the dataset's table"
    return passed(DATABASE, reason, expected=expected, got=", ".join(found.readers))


CHECK = Check(
    id="DATABASE_READERS",
    question="Can only roles that the policy lists read the dataset's table?",
    why="every further reader is a way past the gates, and one more account to lose",
    remedy="REVOKE SELECT ON TABLE … FROM {subject}; or list the role under readers: in policy.yaml",
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-3", "NIST 800-53 AC-6", "ISO 27001 A.5.15", "SOC 2 CC6.3", "GDPR Art. 32"),
    ask=_ask,
)
