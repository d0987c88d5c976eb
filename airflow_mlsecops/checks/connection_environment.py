"""Every connection that the DAG uses belongs to this environment, and says so.

A connection says so with ``mlsecops_environment`` in its extra; where its driver refuses extras that it does not know,
as those of PostgreSQL do, the policy names it instead (``connection_ids``). A tag of another environment fails
everywhere. One without a tag, and not named, fails where the environment may use remote data; in an environment for
local work it may lead to this machine only: a SQLite file, a folder, a socket or a loopback address. A loopback address
may be the near end of a tunnel, which cannot be told from here.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed, unknown
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.environment import Environment
from airflow_mlsecops.core.facts import ConnectionFacts, Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.glob import matches

_SUBJECT = "connections"
_FILE_TYPES = ("sqlite", "fs")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def _ask(facts: Facts, demand: Demand) -> Answer:
    tags = demand.profile.connections or (demand.environment,)
    expected = "mlsecops_environment of " + " or ".join(sorted(tags))
    if isinstance(facts.connections, NotObserved):
        return unknown(_SUBJECT, "where the DAG's connections belong", facts.connections, expected=expected)
    if not facts.connections:
        return not_applicable(_SUBJECT, "the DAG names no connection")
    strangers = [found for found in facts.connections if not _belongs(found, tags, demand.profile)]
    if not strangers:
        return passed(_SUBJECT, f"{len(facts.connections):,} connections belong to this environment", expected=expected)
    return failed(
        # A waiver names a subject: it must not cover a connection that the DAG begins to use tomorrow.
        ", ".join(sorted(found.id for found in strangers)),
        f"{len(strangers):,} of {len(facts.connections):,} connections do not belong to {demand.environment}",
        expected=expected,
        got="; ".join(sorted(map(_described, strangers))),
    )


def _belongs(connection: ConnectionFacts, tags: tuple[str, ...], profile: Environment) -> bool:
    if connection.environment:
        return connection.environment in tags
    if any(matches(pattern, connection.id) for pattern in profile.connection_ids):
        return True
    return not profile.remote and _on_this_machine(connection)


def _on_this_machine(connection: ConnectionFacts) -> bool:
    return connection.type in _FILE_TYPES or connection.host.startswith("/") or connection.host.lower() in _LOOPBACK


def _described(connection: ConnectionFacts) -> str:
    tag = connection.environment or "no environment"
    tasks = f", used by {', '.join(connection.used_by)}" if connection.used_by else ""
    return f"{connection.id} ({connection.type}): {tag}{tasks}"


CHECK = Check(
    id="CONNECTION_ENVIRONMENT",
    question="Does every connection that the DAG uses belong to this environment?",
    why="one connection to another environment carries data across the border that everything else guards",
    remedy=(
        "use a connection of this environment; or, if this is one, say so in its extra under Admin > Connections: "
        '{"mlsecops_environment": "prod-train"} (of PostgreSQL, whose drivers refuse it: under connection_ids: of the '
        "environment in policy.yaml)"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-4", "NIST 800-53 SC-7", "ISO 27001 A.8.31", "SOC 2 CC6.6"),
    ask=_ask,
)
