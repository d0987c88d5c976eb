"""The cluster policy: a DAG whose seals cannot hold does not load."""

from __future__ import annotations

from typing import Any

from airflow.exceptions import AirflowClusterPolicyViolation
from airflow.policies import hookimpl


@hookimpl
def dag_policy(dag: Any) -> None:
    """Refuse a DAG in which a gate that a seal or an access gate requires is not upstream of it.

    Such a task could only ever be refused at night; the author should hear of it when the file is parsed.
    """
    for task in dag.tasks:
        upstream = {relative.task_id for relative in task.get_flat_relatives(upstream=True)}
        for need in _requires(task):
            if need.task_id not in upstream:
                raise AirflowClusterPolicyViolation(
                    f"mlsecops: {dag.dag_id}.{task.task_id} requires the record of {need.task_id}, which is not "
                    f"upstream of it: add {need.task_id} >> {task.task_id}"
                )


def _requires(task: Any) -> tuple[Any, ...]:
    seal = getattr(task, "_pre_execute_hook", None)
    requires: Any = getattr(seal, "requires", None) or getattr(task, "requires", None) or ()
    return tuple(need for need in requires if hasattr(need, "task_id") and hasattr(need, "gate"))
