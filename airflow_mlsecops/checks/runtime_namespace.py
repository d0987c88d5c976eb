"""The Kubernetes namespace that the worker's pod is in is one that the policy lists for this environment.

Read of the service account that Kubernetes mounts into the pod; one that mounts none does not tell.
"""

from __future__ import annotations

from airflow_mlsecops.checks._facts import among, runtime
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(facts: Facts, demand: Demand) -> Answer:
    namespaces = demand.profile.namespaces
    got = runtime(facts).namespace
    return among("namespace", "the worker's Kubernetes namespace", got, namespaces, namespaces.__contains__)


CHECK = Check(
    id="RUNTIME_NAMESPACE",
    question="Does the task run in a Kubernetes namespace of this environment?",
    why="quotas, network policies and secrets hold by namespace: in another one, another environment's apply",
    remedy=(
        "send the task to a worker in that namespace ([kubernetes_executor] namespace, or pod_override), or list it "
        "under namespaces: in policy.yaml"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "NIST 800-53 CM-8", "ISO 27001 A.8.31", "SOC 2 CC6.6"),
    ask=_ask,
    of_the_task=True,
)
