"""Airflow does not declare public what a Dag's structure is read by: this is where a new version shows."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from airflow_mlsecops.web.dag_structure import Structure, Task, structure_of

DAG = """
from airflow.sdk import DAG, Asset
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow_mlsecops.operators import ClassifyDatasetOperator

with DAG("structured"):
    extract = EmptyOperator(task_id="extract")
    gate = ClassifyDatasetOperator(task_id="classify", dataset="s3://aws_default@lake/features")
    many = ClassifyDatasetOperator.partial(task_id="many").expand(dataset=["file:///a.csv", "file:///b.csv"])
    train = EmptyOperator(task_id="train", inlets=[Asset("s3://lake/features"), Asset("s3://lake/labels")])
    extract >> gate >> train
    extract >> many >> train
"""


@pytest.fixture
def structured(airflow_db: Path, tmp_path: Path) -> None:
    """A Dag as the Dag processor leaves it in Airflow's database."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

    (tmp_path / "structured.py").write_text(dedent(DAG))
    bag = DagBag(str(tmp_path), bundle_name="dags-folder")
    assert bag.import_errors == {}
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(bag, "dags-folder", None)


@pytest.mark.airflow
def test_the_tasks_of_a_dag_are_told_in_order(structured: None) -> None:
    found = structure_of("structured")
    assert found is not None
    tasks = {task.task_id: task for task in found.tasks}
    order = list(tasks)
    assert order[0] == "extract"
    assert order[-1] == "train"
    assert {task_id for task_id, task in tasks.items() if task.gate} == {"classify", "many"}
    assert tasks["train"].upstream == {"classify", "many"}
    assert tasks["train"].reads == ("s3://lake/features", "s3://lake/labels")
    assert [uri.rpartition("@")[2].removeprefix("s3://") for uri in tasks["classify"].reads] == ["lake/features"]
    assert found.before("train") == {"extract", "classify", "many"}


def test_a_dag_that_airflow_does_not_have_is_not_known(airflow_db: Path) -> None:
    assert structure_of("no_such_dag") is None


def test_what_cannot_be_read_is_not_known(airflow_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.models.serialized_dag import SerializedDagModel

    monkeypatch.setattr(SerializedDagModel, "get_dag", lambda dag_id: object())
    assert structure_of("structured") is None


def test_what_is_before_ends_with_a_circle_too() -> None:
    tasks = (
        Task(task_id="a", gate=False, upstream=frozenset({"b"}), reads=()),
        Task(task_id="b", gate=False, upstream=frozenset({"a"}), reads=()),
    )
    assert Structure(tasks=tasks).before("a") == {"a", "b"}
