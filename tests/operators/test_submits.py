"""The job that an operator submits, as the gate and the seal see it: the operators of the amazon provider themselves.

The Kubernetes provider is no dependency of the tests: its operator and models are stood in for by classes with the same
attributes.
"""

from __future__ import annotations

from typing import Any

import pytest
from airflow.providers.amazon.aws.operators.batch import BatchOperator
from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator
from airflow.providers.amazon.aws.operators.sagemaker import (
    SageMakerAutoMLOperator,
    SageMakerDeleteModelOperator,
    SageMakerProcessingOperator,
    SageMakerStartPipelineOperator,
    SageMakerTrainingOperator,
    SageMakerTransformOperator,
    SageMakerTuningOperator,
)
from airflow.providers.standard.operators.empty import EmptyOperator

from airflow_mlsecops.core import jobs
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.unseen import NotObserved
from airflow_mlsecops.operators.submits import job_of
from airflow_mlsecops.operators.surroundings import job_digest
from tests.core.test_jobs import DEFINITION, MODEL, PROCESSING, TRAINING, TRANSFORM
from tests.operators.fakes import context

KEY = b"k" * 32
TUNING = {"HyperParameterTuningJobName": "t", "TrainingJobDefinition": DEFINITION}
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "DISABLED"}}
BATCH = {"jobName": "churn", "jobQueue": "ml", "jobDefinition": "train:3"}


def read(task: Any) -> JobFacts:
    job = job_of(task)
    assert job is not None
    found = jobs.read(job)
    assert isinstance(found, JobFacts), found.why
    return found


@pytest.mark.parametrize(
    ("operator", "config", "kind"),
    [
        (SageMakerTrainingOperator, TRAINING, "sagemaker training"),
        (SageMakerProcessingOperator, PROCESSING, "sagemaker processing"),
        (SageMakerTransformOperator, TRANSFORM, "sagemaker transform"),
        (SageMakerTransformOperator, {"Model": MODEL, "Transform": TRANSFORM}, "sagemaker transform"),
        (SageMakerTuningOperator, TUNING, "sagemaker tuning"),
    ],
)
def test_operators_of_sagemaker(operator: Any, config: dict[str, Any], kind: str) -> None:
    task = operator(task_id="train", config=config)
    assert job_of(task) == config
    assert read(task).kind == kind
    assert job_digest(job_of(task), KEY) == job_digest(config, KEY)


@pytest.mark.parametrize(
    "task",
    [
        SageMakerAutoMLOperator(
            task_id="t", job_name="x", s3_input="s3://b/i", target_attribute="y", s3_output="s3://b/o", role_arn="r"
        ),
        SageMakerStartPipelineOperator(task_id="t", pipeline_name="p"),
    ],
)
def test_what_is_submitted_and_cannot_be_read_is_not_observed(task: Any) -> None:
    job = job_of(task)
    assert job
    assert isinstance(jobs.read(job), NotObserved)


@pytest.mark.parametrize(
    "task", [EmptyOperator(task_id="t"), SageMakerDeleteModelOperator(task_id="t", config={"ModelName": "x"}), object()]
)
def test_what_submits_nothing_has_no_job(task: Any) -> None:
    assert job_of(task) is None


def ecs(**more: Any) -> EcsRunTaskOperator:
    return EcsRunTaskOperator(task_id="t", task_definition="train:7", cluster="ml", overrides={}, **more)


def test_a_task_of_ecs_is_what_the_operator_hands_to_run_task() -> None:
    written = {"cluster": "ml", "taskDefinition": "train:7", "overrides": {}, "launchType": "EC2"}
    assert job_of(ecs()) == written
    assert job_digest(job_of(ecs()), KEY) == job_digest(written, KEY)
    fargate = ecs(launch_type="FARGATE", network_configuration=NETWORK, tags={"team": "ml"})
    assert job_of(fargate) == {
        **written,
        "launchType": "FARGATE",
        "networkConfiguration": NETWORK,
        "tags": [{"key": "team", "value": "ml"}],
    }
    assert (read(fargate).subnets, read(fargate).public_address) == (("subnet-1",), False)


def test_a_capacity_provider_takes_the_place_of_the_launch_type() -> None:
    job = job_of(ecs(capacity_provider_strategy=[{"capacityProvider": "FARGATE_SPOT"}]))
    assert job is not None
    assert "launchType" not in job


def test_what_the_ecs_operator_really_sends_is_that_and_who_started_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: dict[str, Any] = {}

    class Client:
        def run_task(self, **arguments: Any) -> dict[str, Any]:
            sent.update(arguments)
            return {"failures": [], "tasks": [{"taskArn": "arn:aws:ecs:eu-west-1:222222222222:task/ml/1"}]}

    task = ecs(launch_type="FARGATE", network_configuration=NETWORK, tags={"team": "ml"}, group="g")
    monkeypatch.setattr(EcsRunTaskOperator, "client", Client())
    task._start_task()
    sent.pop("startedBy")
    assert sent == job_of(task)


def test_a_job_of_batch_is_what_the_operator_hands_to_submit_job() -> None:
    task = BatchOperator(task_id="t", job_name="churn", job_queue="ml", job_definition="train:3", submit_job_timeout=60)
    assert job_of(task) == {**BATCH, "timeout": {"attemptDurationSeconds": 60}}
    plain = BatchOperator(task_id="t", job_name="churn", job_queue="ml", job_definition="train:3")
    assert job_digest(job_of(plain), KEY) == job_digest(BATCH, KEY)
    assert read(plain).refers == ("batch:job_definition:train:3", "batch:job_queue:ml")


def test_what_the_batch_operator_really_sends_is_that(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: dict[str, Any] = {}

    class Client:
        def submit_job(self, **arguments: Any) -> dict[str, Any]:
            sent.update(arguments)
            return {"jobId": "1"}

    class Hook:
        client = Client()
        conn_region_name, conn_partition = "eu-west-1", "aws"

    task = BatchOperator(
        task_id="t", job_name="churn", job_queue="ml", job_definition="train:3", parameters={"a": "b"}, tags={"t": "ml"},
        container_overrides={"command": ["x"]}, array_properties={"size": 2}, retry_strategy={"attempts": 2},
        share_identifier="s", scheduling_priority_override=1, submit_job_timeout=60,
        node_overrides={"numNodes": 2}, ecs_properties_override={"taskProperties": []},
        eks_properties_override={"podProperties": {"metadata": {"labels": {"a": "b"}}}},
    )  # fmt: skip
    monkeypatch.setattr(BatchOperator, "hook", Hook())
    task.submit_job(context(task))  # type: ignore[arg-type]
    assert sent == job_of(task)


def test_a_subclass_counts_like_its_base() -> None:
    class TrainChurn(SageMakerTrainingOperator):
        pass

    class RunChurn(BatchOperator):
        pass

    assert job_of(TrainChurn(task_id="t", config=TRAINING)) == TRAINING
    assert job_of(RunChurn(task_id="t", job_name="churn", job_queue="ml", job_definition="train:3")) == BATCH


class Model:
    """Stands in for models of Kubernetes' Python client, which write what is not set as ``None``."""

    def __init__(self, **said: Any) -> None:
        self.said = said

    def to_dict(self) -> dict[str, Any]:
        return self.said


class KubernetesPodOperator:
    """Stands in for the operator of the Kubernetes provider, by the attributes that its constructor sets."""

    def __init__(self, **said: Any) -> None:
        none = dict.fromkeys(("full_pod_spec", "pod_template_file", "pod_template_dict", "container_security_context"))
        self.__dict__ |= {
            **none, "image": None, "name": None, "cmds": [], "arguments": [], "env_vars": [], "volumes": [],
            "hostnetwork": False, "security_context": {}, "init_containers": [], "do_xcom_push": False,
            "kubernetes_conn_id": "kubernetes_default", "base_container_name": "base", **said,
        }  # fmt: skip


class SparkKubernetesOperator(KubernetesPodOperator):
    """Stands in for an operator that makes pods of a custom resource."""


def test_a_pod_of_models_is_written_as_plain_json() -> None:
    task = KubernetesPodOperator(
        image="train@sha256:1",
        env_vars=[
            Model(name="A_TOKEN", value="x", value_from=None),
            Model(name="B", value=None, value_from={"x": None}),
        ],
        container_security_context=Model(run_as_user=0, privileged=True, run_as_non_root=None),
        volumes=[Model(name="v", host_path=Model(path="/").to_dict())],
    )
    written = {
        "kubernetes_conn_id": "kubernetes_default",
        "image": "train@sha256:1",
        "env_vars": [{"name": "A_TOKEN", "value": "x"}, {"name": "B", "value_from": {}}],
        "volumes": [{"name": "v", "host_path": {"path": "/"}}],
        "container_security_context": {"run_as_user": 0, "privileged": True},
        "base_container_name": "base",
    }
    assert job_of(task) == written
    assert job_digest(job_of(task), KEY) == job_digest(written, KEY)
    found = read(task)
    assert found.host == ("host path",)
    assert [(one.secrets, one.root, one.privileged) for one in found.containers] == [(("A_TOKEN",), True, True)]


def test_all_that_decides_what_runs_where_is_part_of_a_pod() -> None:
    first = {"name": "first", "image": "evil", "security_context": {"privileged": True}}
    given = KubernetesPodOperator(image="x", init_containers=[Model(**first)], hostnetwork=True, cmds=["a"])
    assert [(one.name, one.privileged) for one in read(given).containers] == [("first", True), ("base", False)]
    assert read(given).host == ("host network",)
    spec = {"containers": [{"name": "base", "image": "x"}], "hostPID": True}
    assert read(KubernetesPodOperator(pod_template_dict={"spec": spec})).host == ("host pid",)
    assert "images" in read(KubernetesPodOperator(image="x", do_xcom_push=True)).unread


def test_a_whole_pod_is_read_and_a_file_is_not() -> None:
    spec = {"containers": [Model(name="base", image="x").to_dict()], "host_network": True}
    whole = KubernetesPodOperator(full_pod_spec=Model(api_version="v1", kind="Pod", metadata=None, spec=spec))
    assert read(whole).host == ("host network",)
    assert {"host", "images", "secrets"} <= set(read(KubernetesPodOperator(pod_template_file="/pod.yaml")).unread)
    spark = SparkKubernetesOperator(application_file="spark.yaml", image="x")
    assert {"host", "images", "secrets"} <= set(read(spark).unread)
