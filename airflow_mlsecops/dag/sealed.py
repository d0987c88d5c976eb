"""The seal: a task that runs only if this run's records prove the data it is about to use.

A gate that can be walked around is no gate: mark-success, a forged XCom, ``all_done``, ``one_done`` and a skipped gate
each let a plain downstream task run. A sealed task asks the ledger instead, on its own worker, before it executes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from airflow.sdk import BaseOperator

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.dag.seal import Seal
from airflow_mlsecops.dag.unchanged import Unchanged
from airflow_mlsecops.operators.gate import uri_of
from airflow_mlsecops.operators.links import SecurityLink

if TYPE_CHECKING:
    from airflow.sdk import Asset

Task = TypeVar("Task")


def sealed(
    task: Task,
    *,
    dataset: str | Asset,
    requires: Sequence[BaseOperator],
    partition: str = "",
    job: Mapping[str, Any] | None = None,
) -> Task:
    """Seal a task: before it executes, its worker asks the ledger whether the data it uses has passed in this run.

    :param task: an operator, or what a ``@task`` function returns when called in a DAG
    :param dataset: what the task uses; a stable URI or an Asset, never templated
    :param requires: the gates that must have passed; at least one must classify the dataset
    :param partition: what of the dataset the task uses (templated)
    :param job: the job that the task submits (templated), where ``job_of`` cannot read it from the task itself, which
        goes before what is said here; compared with what the isolation gate judged
    :returns: the same task
    :raises ValueError: if ``requires`` is empty, names what is no gate, or the task cannot be sealed
    """
    operator = task if isinstance(task, BaseOperator) else getattr(task, "operator", task)
    if not isinstance(operator, BaseOperator):
        raise ValueError(f"sealed() takes an operator or a called @task, got {type(task).__name__}")
    _check_executed(operator)
    seal = Seal(operator, uri_of(dataset), partition, requires, job)
    parse(seal.dataset)
    # Airflow has no public way to add a hook to an operator that exists; tests/dag/test_seal_hook.py holds it to this.
    seal.then = operator._pre_execute_hook
    operator._pre_execute_hook = seal
    operator._post_execute_hook = Unchanged(seal, then=operator._post_execute_hook)
    _add_link(operator)
    return task


def _add_link(operator: BaseOperator) -> None:
    """Lead to the Security tab, as gates do; an operator whose class makes up its links keeps those alone."""
    if isinstance(type(operator).operator_extra_links, property):
        return
    links = tuple(operator.operator_extra_links)
    if all(link.name != SecurityLink.name for link in links):
        operator.operator_extra_links = (*links, SecurityLink())


def _check_executed(operator: BaseOperator) -> None:
    """Refuse tasks that no worker of Python executes as the ledger is asked about them."""
    from airflow_mlsecops.operators.submits import submits

    if submits(operator) and getattr(operator.pre_execute, "__func__", None) is not BaseOperator.pre_execute:
        raise ValueError(
            f"{operator.task_id} has a pre_execute of its own, which runs after the seal and may change the job: do "
            "that in a task before it, or in pre_execute= of the operator, after which the job is looked at again"
        )
    if operator.start_from_trigger:
        raise ValueError(
            f"{operator.task_id} starts from its trigger, where no worker asks the ledger before it: leave out "
            "start_from_trigger"
        )
    if operator.inherits_from_empty_operator:
        raise ValueError(
            f"{operator.task_id} is an empty task, which the scheduler calls a success without executing it: no worker "
            "would ask the ledger; seal the task that uses the data"
        )
    if getattr(operator, "is_stub", False):
        raise ValueError(
            f"{operator.task_id} is a stub for a task in another language, whose worker asks no ledger: seal a task of "
            "Python"
        )
