"""The environment that the DAG demands is the one that this deployment claims to be.

A training DAG copied into a development deployment keeps its code, and loses what protected its data. What is claimed
stands in the MLSecOps connection, which DAG authors do not write.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity

_SUBJECT = "environment"


def _ask(facts: Facts, demand: Demand) -> Answer:
    claimed, wanted = facts.claimed, demand.environment
    if isinstance(claimed, NotObserved):
        return unknown(_SUBJECT, "the environment this deployment claims", claimed, expected=wanted)
    if claimed == wanted:
        return passed(_SUBJECT, f"this deployment is {wanted}, as demanded", expected=wanted, got=claimed)
    reason = f"the DAG demands {wanted}, this deployment's MLSecOps connection claims {claimed or 'nothing'}"
    return failed(_SUBJECT, reason, expected=wanted, got=claimed or "nothing")


CHECK = Check(
    id="ENV_MISMATCH",
    question="Is this deployment the environment that the DAG demands?",
    why="a DAG that runs in another environment reads its data with none of the protection that was reviewed for it",
    remedy=(
        "run the DAG in the deployment it is meant for; if this is the one, set Environment of its MLSecOps "
        "connection (Admin > Connections)"
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-4", "NIST 800-53 CM-4(1)", "ISO 27001 A.8.31", "SOC 2 CC6.1"),
    ask=_ask,
    of_the_task=True,
)
