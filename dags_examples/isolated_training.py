"""Train in SageMaker only where nobody else can reach: the gate is shown the very job that is submitted afterwards.

It needs ``pip install 'airflow-mlsecops[aws]'`` and Airflow variables that name the estate's parts; an estate to try it
on is served by ``python -m dags_examples.estate.serve FOLDER``.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator
from airflow.sdk import dag, task

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator, IsolationCheckOperator

FEATURES = "s3://aws_default@ml-prod-data/churn/features"
TRAINING_JOB: dict[str, Any] = {
    "TrainingJobName": "churn-{{ dag_run.run_after | ts_nodash }}",
    "RoleArn": "arn:aws:iam::222222222222:role/ml-train-prod",
    "AlgorithmSpecification": {"TrainingImage": "{{ var.value.ml_image }}", "TrainingInputMode": "File"},
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://ml-prod-data/churn/features/"}},
        }
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://ml-prod-models/churn", "KmsKeyId": "{{ var.value.ml_key }}"},
    "ResourceConfig": {
        "InstanceType": "ml.m5.large",
        "InstanceCount": 2,
        "VolumeSizeInGB": 10,
        "VolumeKmsKeyId": "{{ var.value.ml_key }}",
    },
    "VpcConfig": {"Subnets": ["{{ var.value.ml_subnet }}"], "SecurityGroupIds": ["{{ var.value.ml_security_group }}"]},
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
    "HyperParameters": {"max_depth": "6"},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}


@dag(schedule=None)
def isolated_training() -> None:
    """Extract, prove what is in it, prove that nobody else can reach it, train."""
    classify = ClassifyDatasetOperator(task_id="classify_features", dataset=FEATURES)
    isolate = IsolationCheckOperator(
        task_id="check_isolation", dataset=FEATURES, environment="prod-train", job=TRAINING_JOB
    )
    train = sealed(
        SageMakerTrainingOperator(task_id="train", config=TRAINING_JOB, print_log=False, check_interval=1),
        dataset=FEATURES,
        requires=[classify, isolate],
    )
    extract() >> classify >> isolate >> train


@task
def extract() -> None:
    """Tenures of customers, and whether they left."""
    import polars as pl
    from airflow.sdk import ObjectStoragePath

    months = pl.int_range(1, 241, eager=True)
    frame = pl.DataFrame({"tenure_months": months, "left": months % 7 == 0})
    path = ObjectStoragePath(f"{FEATURES}/part-0.parquet")
    with path.open("wb") as file:
        frame.write_parquet(file)


isolated_training()
