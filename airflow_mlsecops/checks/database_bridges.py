"""Data leaves the dataset's database only by ways that the policy lists.

Such ways are foreign servers (told by their hosts), publications, subscriptions, logical replication slots, and
extensions that open connections: ``server:HOST``, ``publication:NAME``, ``extension:dblink``. The policy's globs are
held against the whole and against the part after the colon.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.checks._facts import DATABASE, server
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.policy import matches


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = server(facts, "the database is a file: it passes nothing on by itself")
    if isinstance(found, Answer):
        return found
    allowed = demand.profile.bridges
    expected = "none but " + ", ".join(sorted(allowed)) if allowed else "none"
    if isinstance(found.bridges, NotObserved):
        return unknown(DATABASE, "by which ways data leaves the database", found.bridges, expected=expected)
    strangers = [bridge for bridge in found.bridges if not _fits(bridge, allowed)]
    if strangers:
        reason = f"data may leave the database by {len(strangers):,} ways that the policy does not list"
        # A waiver names a subject: it must not cover a way that is opened tomorrow.
        return failed(", ".join(strangers), reason, expected=expected, got=", ".join(strangers))
    reason = f"the policy lists each of the {len(found.bridges):,} ways by which data may leave the database"
    return passed(DATABASE, reason if found.bridges else "no way leads out of the database", expected=expected)


def _fits(bridge: str, allowed: tuple[str, ...]) -> bool:
    name = bridge.partition(":")[2]
    return any(matches(pattern, bridge) or matches(pattern, name) for pattern in allowed)


CHECK = Check(
    id="DATABASE_BRIDGES",
    question="Does data leave the dataset's database only by ways that the policy lists?",
    why="a foreign server or a publication carries rows to another environment, past every gate of the pipeline",
    remedy=(
        "close it (DROP SERVER, DROP PUBLICATION, DROP SUBSCRIPTION, DROP EXTENSION, pg_drop_replication_slot), or "
        "list {subject} under bridges: in policy.yaml"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-4", "NIST 800-53 SC-7", "ISO 27001 A.8.12", "ISO 27001 A.8.31", "SOC 2 CC6.6"),
    ask=_ask,
)
