"""What a job makes is told by places and names, and only where it says so."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_mlsecops.core.jobs.makes import makes

TRAINING = {
    "TrainingJobName": "churn-2026-11-23",
    "AlgorithmSpecification": {"TrainingImage": "image"},
    "RoleArn": "role",
    "OutputDataConfig": {"S3OutputPath": "s3://ml-models/churn/"},
    "HyperParameters": {"password": "hunter2"},
}
TRANSFORM = {
    "TransformJobName": "score",
    "ModelName": "churn",
    "TransformInput": {"DataSource": {"S3DataSource": {"S3Uri": "s3://ml/in"}}},
    "TransformOutput": {"S3OutputPath": "s3://ml/scored"},
    "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
}
MODEL = {"ModelName": "churn", "PrimaryContainer": {"Image": "image", "ModelDataUrl": "s3://ml-models/churn/m.tar.gz"}}
PROCESSING = {
    "ProcessingJobName": "features",
    "AppSpecification": {"ImageUri": "image"},
    "RoleArn": "role",
    "ProcessingOutputConfig": {
        "Outputs": [
            {"S3Output": {"S3Uri": "s3://ml/features"}},
            {"FeatureStoreOutput": {"FeatureGroupName": "churn"}},
        ]
    },
}
SAID: list[tuple[Any, tuple[str, ...]]] = [
    (TRAINING, ("s3://ml-models/churn/churn-2026-11-23",)),
    ({"Training": TRAINING}, ("s3://ml-models/churn/churn-2026-11-23",)),
    (TRAINING | {"TrainingJobName": "{{ ds }}"}, ("s3://ml-models/churn/",)),
    (TRAINING | {"OutputDataConfig": {"S3OutputPath": "s3://{{ bucket }}"}}, ()),
    (
        TRAINING | {"CheckpointConfig": {"S3Uri": "s3://ml-models/checkpoints"}},
        ("s3://ml-models/churn/churn-2026-11-23", "s3://ml-models/checkpoints"),
    ),
    (TRANSFORM, ("s3://ml/scored",)),
    (MODEL, ("sagemaker://model/churn",)),
    ({"Model": MODEL, "Transform": TRANSFORM}, ("s3://ml/scored", "sagemaker://model/churn")),
    (PROCESSING, ("s3://ml/features", "feature-store://churn")),
    ({"ModelPackageGroupName": "churn"}, ("sagemaker://model-package-group/churn",)),
    ({"AutoMLJobName": "x", "OutputS3Uri": "s3://ml/auto"}, ("s3://ml/auto",)),
    ({}, ()),
    ({"ModelPackageGroupName": 7, "Model": "x"}, ()),
    ({"image": "train", "cmds": ["--out", "s3://ml/models"]}, ()),
]


@pytest.mark.parametrize(("job", "expected"), SAID)
def test_places_and_names_that_a_job_says(job: Any, expected: tuple[str, ...]) -> None:
    assert makes(job) == expected


def test_a_job_that_is_nested_too_deep_says_nothing() -> None:
    deep: Any = "x"
    for _ in range(60):
        deep = {"a": deep}
    assert makes(deep) == ()
