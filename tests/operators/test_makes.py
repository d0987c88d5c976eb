"""What a sealed task makes stands in the records of its seal: from its outlets and its job, never with a secret."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import Asset

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators.makes import MOST, makes_of
from tests.operators.lake import Lake, Train
from tests.operators.test_sealed_job import judged, regions, trains  # noqa: F401 - a fixture
from tests.operators.test_sealed_task import begin, passed, training


def outlets(*uris: Any) -> Any:
    return SimpleNamespace(outlets=[SimpleNamespace(uri=uri) for uri in uris])


def test_outlets_are_told_before_and_after_the_task(lake: Lake) -> None:
    gates = passed(lake, "classify")
    train = Train(
        task_id="train", trace=lake.trace, outlets=[Asset("s3://ml-models/churn"), Asset("mlflow://registry/churn")]
    )
    lake.run(sealed(train, dataset=lake.features, requires=gates))
    after, before = lake.records(gate=Gate.SEAL)
    assert before.verdict.makes == after.verdict.makes == ("s3://ml-models/churn", "mlflow://registry/churn")


@pytest.mark.usefixtures("regions")
def test_the_place_of_a_training_job_is_told(lake: Lake) -> None:
    job = training(lake, lake.features)
    begin(sealed(trains(job), dataset=lake.features, requires=judged(lake, job)))
    newest = lake.records(gate=Gate.SEAL)[0]
    assert newest.verdict.makes == (f"s3://ml-prod/models/{job['TrainingJobName']}",)


def test_a_registered_version_belongs_to_its_group() -> None:
    register = SimpleNamespace(outlets=[], package_group_name="churn")
    assert makes_of(register, None) == ("sagemaker://model-package-group/churn",)


def test_nothing_is_told_of_a_task_that_says_nothing() -> None:
    assert makes_of(SimpleNamespace(), None) == makes_of(outlets(None, "", 7), {}) == ()


def test_no_secret_is_told() -> None:
    found = makes_of(outlets("postgres://u:hunter2@db/x", "https://h/model?X-Amz-Signature=hunter2"), None)
    assert found == ("postgres://db/x", "https://h/model")


def test_no_more_is_told_than_a_record_bears() -> None:
    many = outlets(*(f"s3://ml/{number}" for number in range(100)), "s3://ml/" + "x" * 2_000)
    assert len(makes_of(many, None)) == MOST
    assert makes_of(outlets("s3://ml/" + "x" * 2_000, "s3://ml/{{ ds }}"), None) == ()
