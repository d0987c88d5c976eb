"""A DAG whose seals cannot hold does not load."""

from __future__ import annotations

from pathlib import Path

import pytest
from airflow.exceptions import AirflowClusterPolicyViolation
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, BaseOperator

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.dag.cluster_policy import dag_policy
from airflow_mlsecops.operators import AccessGateOperator, ClassifyDatasetOperator, IsolationCheckOperator

DATASET = "file:///lake/features"
FILE = """
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator
with DAG("loose") as dag:
    gate = ClassifyDatasetOperator(task_id="classify", dataset="file:///lake/features")
    sealed(BashOperator(task_id="train", bash_command="true"), dataset="file:///lake/features", requires=[gate])
"""


def dag(*, joined: bool) -> DAG:
    with DAG("churn") as made:
        scan = ClassifyDatasetOperator(task_id="classify", dataset=DATASET)
        isolate = IsolationCheckOperator(task_id="isolate", dataset=DATASET, environment="local")
        access = AccessGateOperator(
            task_id="may_train", dataset=DATASET, action="train", purpose="churn", requires=[scan, isolate]
        )
        train = sealed(BaseOperator(task_id="train"), dataset=DATASET, requires=[scan, isolate, access])
        scan >> isolate
        if joined:
            isolate >> EmptyOperator(task_id="between") >> access >> train
        else:
            access >> train
    return made


def test_gates_upstream_however_far_are_enough() -> None:
    dag_policy(dag(joined=True))


def test_a_gate_that_is_not_upstream_is_an_import_error_that_says_what_to_add() -> None:
    with pytest.raises(AirflowClusterPolicyViolation, match="add classify >> may_train"):
        dag_policy(dag(joined=False))


@pytest.mark.airflow
def test_airflow_asks_the_policy_when_it_loads_a_file(airflow_db: Path, tmp_path: Path) -> None:
    from airflow.dag_processing.dagbag import DagBag

    file = tmp_path / "loose.py"
    file.write_text(FILE)
    (said,) = DagBag(str(file)).import_errors.values()
    assert "churn" not in said
    assert "requires the record of classify, which is not upstream" in said
