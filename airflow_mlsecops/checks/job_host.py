"""No job reaches into its machine: not by its network, its processes or its folders, with no power of root.

What a container does not say of its user, its image says, and images run as root unless they are built otherwise: a
container that names no other user counts as root. The machines of SageMaker serve one job each and are AWS' own matter.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import Container, JobFacts

_EXPECTED = "no way into the machine, and another user than root"


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name, host = called(job), seen(job, "host")
    if host is None:
        return not_applicable(name, f"a {job.kind} runs on machines of its own")
    ways = (*host, *(way for container in job.containers for way in _powers(container)))
    if ways:
        return failed(name, f"it has {len(ways):,} ways into its machine", expected=_EXPECTED, got=", ".join(ways))
    return passed(name, "it has no way into its machine", expected=_EXPECTED, got="none")


def _powers(container: Container) -> Iterator[str]:
    where = f" ({container.name})" if container.name else ""
    if container.privileged:
        yield f"privileged{where}"
    if container.root is not False:
        yield f"root{where}" if container.root else f"root unless the image says otherwise{where}"


CHECK = Check(
    id="JOB_HOST",
    question="Is every job kept from the machine it runs on?",
    why="whoever reaches the machine reads the data and the credentials of all that runs there",
    remedy=(
        "leave out host network, host pid, host ipc, host paths, added capabilities and privileged; "
        "set user (ECS, Batch) or securityContext.runAsNonRoot (Kubernetes)"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-6", "NIST 800-53 SC-39", "ISO 27001 A.8.2", "SOC 2 CC6.1", "AWS FSBP ECS.4"),
    ask=of_each_job(_ask),
    reads=JOB_READS,
)
