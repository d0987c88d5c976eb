"""Whoever can log in to the database and read the dataset's table is a role that the policy lists.

Superusers and the table's owner are readers like everybody else; so is who may become a reader by ``SET ROLE``, who
reads through views and functions, and who subscribes to a publication. It is the same answer as an access gate gives of
the dataset, asked of everything in the environment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airflow_mlsecops.checks._answer import failed, not_applicable, passed, unknown
from airflow_mlsecops.checks._facts import DATABASE, server
from airflow_mlsecops.checks.grants import postgres
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.grant import Allowed, Grant, Readers

_NOBODY_NAMED = NotObserved(why="the policy names none")
_NOBODY_FOUND = "nobody was found, not even this session"


def _ask(facts: Facts, demand: Demand) -> Answer | tuple[Answer, ...]:
    found = server(facts, "the database is a file: it has no users")
    if isinstance(found, Answer):
        return found
    if found.grants is None:
        return not_applicable(DATABASE, "the dataset is no table")
    allowed = Allowed(readers=demand.profile.readers, people=demand.profile.people)
    if not allowed.readers:
        return unknown(DATABASE, "who may read the dataset's table (readers)", _NOBODY_NAMED)
    expected = "none but " + ", ".join(sorted(allowed.readers))
    if isinstance(found.grants, NotObserved):
        return unknown(DATABASE, "who reads the dataset's table", found.grants, expected=expected)
    return tuple(_judged(postgres.readers(found.grants, allowed), allowed, expected))


def _judged(found: Readers, allowed: Allowed, expected: str) -> Iterator[Answer]:
    everybody = {grant.principal for grant in found.grants}
    strange = [grant for grant in found.grants if not allowed.lets(grant.principal)]
    surely = {grant.principal for grant in strange if grant.sure}
    perhaps = [grant for grant in strange if grant.principal not in surely]
    hidden = found.hidden or (() if everybody else (_NOBODY_FOUND,))
    if surely:
        reason = f"{len(surely):,} roles that the policy does not list can log in and read the dataset's table"
        named = ", ".join(sorted(surely))  # a waiver names a subject: it must not cover a reader that is added tomorrow
        answer = failed(named, reason, expected=expected, got=named)
        yield answer.model_copy(update={"commands": found.commands})
    if perhaps:
        answer = _undecided(perhaps, expected)
        yield answer if surely else answer.model_copy(update={"commands": found.commands})
    if hidden:
        missing = NotObserved(why="; ".join(hidden))
        yield unknown(DATABASE, "everybody who reads the dataset's table", missing, expected=expected)
    if not strange and not hidden:
        reason = f"the policy lists each of the {len(everybody):,} that can log in and read the dataset's table"
        yield passed(DATABASE, reason, expected=expected, got=", ".join(sorted(everybody)))


def _undecided(grants: Sequence[Grant], expected: str) -> Answer:
    names = sorted({grant.principal for grant in grants})
    missing = NotObserved(why=f"it may be by this way alone ({', '.join(grants[0].how)})")
    fact = f"whether {len(names):,} that the policy does not list read the dataset's table"
    return unknown(", ".join(names), fact, missing, expected=expected)


CHECK = Check(
    id="DATABASE_READERS",
    question="Can only roles that the policy lists read the dataset's table?",
    why="every further reader is a way past the gates, and one more account to lose",
    remedy="end every way of {subject}, with the commands that are told; or list them under readers: in policy.yaml",
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-3", "NIST 800-53 AC-6", "ISO 27001 A.5.15", "SOC 2 CC6.3", "GDPR Art. 32"),
    ask=_ask,
)
