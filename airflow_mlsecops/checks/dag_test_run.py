"""The run was made by the scheduler, not by ``dag.test()``.

Airflow applies no cluster policy inside ``dag.test()``: nothing guards tasks there but the gates' own operators.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed, unknown
from airflow_mlsecops.checks._facts import runtime
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity

_SUBJECT = "run"
_EXPECTED = "a run of the scheduler's"


def _ask(facts: Facts, demand: Demand) -> Answer:
    if not demand.profile.remote:
        return not_applicable(_SUBJECT, f"{demand.environment} is for local work, where dag.test() belongs")
    testing = runtime(facts).dag_test
    if isinstance(testing, NotObserved):
        return unknown(_SUBJECT, "whether this is dag.test()", testing, expected=_EXPECTED)
    if testing:
        reason = "the DAG runs inside dag.test(), where Airflow applies no cluster policy"
        return failed(_SUBJECT, reason, expected=_EXPECTED, got="dag.test()")
    return passed(_SUBJECT, "the scheduler made this run", expected=_EXPECTED)


CHECK = Check(
    id="DAG_TEST_RUN",
    question="Did the scheduler make this run, rather than dag.test()?",
    why="inside dag.test() the guards that a deployment installs as cluster policies are off",
    remedy="trigger the DAG on the deployment instead: airflow dags trigger DAG_ID",
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 CM-6", "ISO 27001 A.8.31", "SOC 2 CC8.1"),
    ask=_ask,
    of_the_task=True,
)
