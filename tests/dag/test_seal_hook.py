"""The one private name of Airflow's that the seal relies on, and the ways in which people seal."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, BaseOperator, BaseOperatorLink, task
from airflow.sdk.execution_time import task_runner

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.dag.seal import Seal
from airflow_mlsecops.operators import ClassifyDatasetOperator

DATASET = "file:///lake/features"


def test_airflow_still_calls_the_hook_that_the_seal_hangs_on() -> None:
    asked: list[str] = []
    operator = EmptyOperator(task_id="t", pre_execute=lambda _context: asked.append("asked"))
    assert operator._pre_execute_hook is not None
    operator._pre_execute_hook({})
    assert asked == ["asked"]
    # That it runs before the task does is seen for real in tests/test_examples.py, on each Airflow.
    assert "task._pre_execute_hook" in inspect.getsource(task_runner._execute_task)


def gate() -> ClassifyDatasetOperator:
    return ClassifyDatasetOperator(task_id="classify", dataset=DATASET)


def test_a_called_task_is_sealed_like_an_operator() -> None:
    @task
    def train() -> None:
        """Nothing."""

    with DAG("d"):
        called: Any = train()
        assert sealed(called, dataset=DATASET, requires=[gate()]) is called
    assert isinstance(called.operator._pre_execute_hook, Seal)


class Link(BaseOperatorLink):
    name = "Console"

    def get_link(self, operator: BaseOperator, *, ti_key: Any) -> str:
        return "https://example.org"


class Submits(BaseOperator):
    operator_extra_links = (Link(),)


class MakesUpItsLinks(BaseOperator):
    @property
    def operator_extra_links(self) -> Any:
        raise AssertionError("not before the task runs")


def test_a_sealed_task_has_a_link_to_its_security_tab_once_and_keeps_its_own() -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    with DAG("d", schedule=None) as dag:
        ask = gate()
        for dataset in (DATASET, "file:///lake/other"):
            sealed(dag.task_dict.get("t") or Submits(task_id="t"), dataset=dataset, requires=[ask])
        ask >> dag.task_dict["t"]
    assert [link.name for link in Submits.operator_extra_links] == ["Console"]
    kept = DagSerialization.from_dict(DagSerialization.to_dict(dag)).task_dict["t"]
    assert kept.extra_links == ["Console", "Security"]


def test_an_operator_that_makes_up_its_links_is_sealed_all_the_same() -> None:
    operator = sealed(MakesUpItsLinks(task_id="t"), dataset=DATASET, requires=[gate()])
    assert isinstance(operator._pre_execute_hook, Seal)


def test_the_authors_own_hook_runs_after_the_seal() -> None:
    def own(_context: Any) -> None:
        """Nothing."""

    operator = sealed(BaseOperator(task_id="t", pre_execute=own), dataset=DATASET, requires=[gate()])
    seal = operator._pre_execute_hook
    assert isinstance(seal, Seal)
    assert seal.then is own


@pytest.mark.parametrize("what", ["a string", None, 7])
def test_what_is_no_task_cannot_be_sealed(what: Any) -> None:
    with pytest.raises(ValueError, match="takes an operator"):
        sealed(what, dataset=DATASET, requires=[gate()])


def test_a_mapped_task_cannot_be_sealed_yet() -> None:
    with DAG("d"):
        mapped = EmptyOperator.partial(task_id="t").expand_kwargs([{}])
        with pytest.raises(ValueError, match="takes an operator"):
            sealed(mapped, dataset=DATASET, requires=[gate()])


def test_a_mapped_gate_cannot_be_required_yet() -> None:
    with DAG("d"):
        mapped: Any = ClassifyDatasetOperator.partial(task_id="c", dataset=DATASET).expand(partition=["a", "b"])
        with pytest.raises(ValueError, match="mapped"):
            sealed(BaseOperator(task_id="t"), dataset=DATASET, requires=[mapped])


def test_a_task_that_no_worker_executes_cannot_be_sealed() -> None:
    """The scheduler calls an empty task a success by itself, whatever its trigger rule lets through."""
    with pytest.raises(ValueError, match="without executing it"):
        sealed(EmptyOperator(task_id="t", trigger_rule="all_done"), dataset=DATASET, requires=[gate()])


def test_a_stub_for_another_language_cannot_be_sealed() -> None:
    @task.stub
    def train() -> None: ...

    with DAG("d"), pytest.raises(ValueError, match="another language"):
        sealed(train(), dataset=DATASET, requires=[gate()])
