"""The task's process holds no kernel capability beyond what its user has anyway.

An ordinary user has none, and needs none but to serve a low port. Root in a container has those that container engines
leave it: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities. Whether the task
should be root is RUNTIME_ROOT's question.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.checks._facts import runtime
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity

_SUBJECT = "capabilities"
_EXPECTED = "none beyond an ordinary container's"
_HARMLESS = frozenset({"CAP_NET_BIND_SERVICE"})
_OF_ROOT = _HARMLESS | {
    *("CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD"),
    *("CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT"),
}


def _ask(facts: Facts, demand: Demand) -> Answer:
    here = runtime(facts)
    if isinstance(here.powers, NotObserved):
        return unknown(_SUBJECT, "what the kernel lets the task do", here.powers, expected=_EXPECTED)
    usual = _OF_ROOT if here.uid == 0 else _HARMLESS
    more = [power for power in here.powers if power not in usual]
    if more:
        reason = f"the task holds {len(more):,} kernel capabilities that reach beyond its container or its user"
        return failed(_SUBJECT, reason, expected=_EXPECTED, got=", ".join(more))
    return passed(_SUBJECT, "the task holds no kernel capability that reaches beyond its user", expected=_EXPECTED)


CHECK = Check(
    id="RUNTIME_POWERS",
    question="Does the task run without kernel capabilities that reach beyond its user and container?",
    why="with them a task reads other processes' memory and other users' files, mounts disks, or rewires the network",
    remedy='drop them: securityContext: {capabilities: {drop: ["ALL"]}} in the pod, or docker run --cap-drop ALL',
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-6", "NIST 800-53 SC-39", "ISO 27001 A.8.2", "SOC 2 CC6.3"),
    ask=_ask,
    of_the_task=True,
)
