"""Jobs as they are submitted: what is read of them, what is not kept of them, and that nothing trips the reader."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core import jobs
from airflow_mlsecops.core.job import Container, JobFacts, Key
from airflow_mlsecops.core.jobs.ecs import TaskDefinition
from airflow_mlsecops.core.jobs.parts import kept
from airflow_mlsecops.core.jobs.training import Training
from airflow_mlsecops.core.unseen import NotObserved

IMAGE = "222222222222.dkr.ecr.eu-west-1.amazonaws.com/train@sha256:" + "a" * 64
VPC = {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
S3 = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://ml-prod/features/"}}
DEFINITION: dict[str, Any] = {
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "RoleArn": "arn:aws:iam::222222222222:role/ml-train-prod",
    "InputDataConfig": [{"ChannelName": "train", "DataSource": S3}],
    "OutputDataConfig": {"S3OutputPath": "s3://ml-prod/models/", "KmsKeyId": "key-1"},
    "ResourceConfig": {
        "InstanceType": "ml.m5.xlarge",
        "InstanceCount": 2,
        "VolumeSizeInGB": 30,
        "VolumeKmsKeyId": "key-2",
    },
    "VpcConfig": VPC,
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
TRAINING: dict[str, Any] = {"TrainingJobName": "churn", **DEFINITION}
PROCESSING: dict[str, Any] = {
    "ProcessingJobName": "clean",
    "ProcessingInputs": [{"InputName": "in", "S3Input": {"S3Uri": "s3://ml-prod/raw/", "S3DataType": "S3Prefix"}}],
    "ProcessingOutputConfig": {
        "Outputs": [{"OutputName": "out", "S3Output": {"S3Uri": "s3://ml-prod/features/"}}],
        "KmsKeyId": "key-1",
    },
    "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 9}},
    "AppSpecification": {"ImageUri": IMAGE, "ContainerArguments": ["--rows", "100"]},
    "RoleArn": "arn:aws:iam::222222222222:role/ml-train-prod",
}
TRANSFORM: dict[str, Any] = {
    "TransformJobName": "score",
    "ModelName": "churn-7",
    "TransformInput": {"DataSource": S3},
    "TransformOutput": {"S3OutputPath": "s3://ml-prod/scores/"},
    "TransformResources": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1},
}
MODEL: dict[str, Any] = {
    "ModelName": "churn-7",
    "ExecutionRoleArn": "arn:aws:iam::222222222222:role/ml-serve-prod",
    "PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "s3://ml-prod/models/churn.tar.gz"},
    "VpcConfig": VPC,
}
RUN_TASK: dict[str, Any] = {
    "cluster": "ml",
    "taskDefinition": "train:7",
    "launchType": "FARGATE",
    "overrides": {"containerOverrides": [{"name": "train", "environment": [{"name": "MODE", "value": "full"}]}]},
    "networkConfiguration": {
        "awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}
    },
}
TASK_DEFINITION: dict[str, Any] = {
    "family": "train",
    "taskRoleArn": "arn:aws:iam::222222222222:role/ml-train-prod",
    "containerDefinitions": [{"name": "train", "image": IMAGE, "user": "1000"}],
}
SUBMIT_JOB: dict[str, Any] = {"jobName": "churn", "jobQueue": "ml", "jobDefinition": "train:3"}
JOB_DEFINITION: dict[str, Any] = {
    "jobDefinitionName": "train",
    "type": "container",
    "platformCapabilities": ["FARGATE"],
    "containerProperties": {"image": IMAGE, "user": "app", "jobRoleArn": "ml-train-prod"},
}
POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "train"},
    "spec": {"containers": [{"name": "base", "image": IMAGE, "securityContext": {"runAsUser": 1000}}]},
}
ALL = (TRAINING, PROCESSING, TRANSFORM, MODEL, RUN_TASK, TASK_DEFINITION, SUBMIT_JOB, JOB_DEFINITION, POD)


def read(job: dict[str, Any]) -> JobFacts:
    found = jobs.read(job)
    assert isinstance(found, JobFacts), found.why
    return found


def patched(job: dict[str, Any], **change: Any) -> JobFacts:
    """The job with fields changed, those that are ``None`` taken away."""
    return read({name: value for name, value in {**job, **change}.items() if value is not None})


def test_a_training_job() -> None:
    assert read(TRAINING) == JobFacts(
        kind="sagemaker training",
        name="churn",
        subnets=("subnet-1", "subnet-2"),
        security_groups=("sg-1",),
        network_isolation=True,
        traffic_encryption=True,
        instances=2,
        inputs=("s3://ml-prod/features/",),
        outputs=("s3://ml-prod/models/",),
        keys=(Key(use="volume", key="key-2"), Key(use="output", key="key-1")),
        roles=("arn:aws:iam::222222222222:role/ml-train-prod",),
        containers=(Container(name="algorithm", image=IMAGE),),
    )


def test_what_a_training_job_leaves_out_is_as_unsafe_as_aws_makes_it() -> None:
    found = patched(
        TRAINING,
        VpcConfig=None,
        EnableNetworkIsolation=None,
        EnableInterContainerTrafficEncryption=None,
        OutputDataConfig={"S3OutputPath": "s3://ml-prod/models/"},
    )
    assert (found.subnets, found.network_isolation, found.traffic_encryption) == ((), False, False)
    assert Key(use="output") in found.keys


@pytest.mark.parametrize("field", ["CheckpointConfig", "DebugHookConfig", "ProfilerConfig", "TensorBoardOutputConfig"])
def test_every_place_that_a_training_job_writes_to_is_an_output(field: str) -> None:
    where = "S3Uri" if field == "CheckpointConfig" else "S3OutputPath"
    assert "s3://elsewhere/x" in patched(TRAINING, **{field: {where: "s3://elsewhere/x"}}).outputs


def test_a_rule_of_the_debugger_runs_an_image_of_its_own() -> None:
    rule = {"RuleConfigurationName": "r", "RuleEvaluatorImage": "stranger/rule", "S3OutputPath": "s3://elsewhere/"}
    found = patched(TRAINING, DebugRuleConfigurations=[rule])
    assert [one.image for one in found.containers] == [IMAGE, "stranger/rule"]
    assert "s3://elsewhere/" in found.outputs


def test_what_the_operator_uploads_before_it_submits_is_an_output() -> None:
    upload = {"S3Upload": [{"Path": "/data/x.csv", "Bucket": "elsewhere", "Key": "x.csv", "Tar": False}]}
    assert "s3://elsewhere/x.csv" in patched(TRAINING, S3Operations=upload).outputs


def test_a_file_system_is_an_input_that_is_not_in_s3() -> None:
    mounted = {
        "FileSystemId": "fs-1",
        "FileSystemType": "FSxLustre",
        "DirectoryPath": "/x",
        "FileSystemAccessMode": "ro",
    }
    channel = {"ChannelName": "train", "DataSource": {"FileSystemDataSource": mounted}}
    assert patched(TRAINING, InputDataConfig=[channel]).inputs == ("fsxlustre://fs-1/x",)


def test_an_input_of_a_kind_that_is_not_known_is_unread() -> None:
    channel = {"ChannelName": "train", "DataSource": {"TapeDataSource": {"Label": "x"}}}
    assert patched(TRAINING, InputDataConfig=[channel]).unread == ("inputs",)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("ml.m5.xlarge", True),
        ("ml.p4d.24xlarge", False),
        ("ml.g5.xlarge", False),
        ("ml.c5d.large", False),
        ("ml.g5g.xlarge", True),
        ("ml.p3.2xlarge", True),
        ("", True),
    ],
)
def test_a_key_of_the_volume_is_asked_of_machines_that_take_one(kind: str, asked: bool) -> None:
    found = patched(TRAINING, ResourceConfig={"InstanceType": kind, "InstanceCount": 1, "VolumeSizeInGB": 1})
    assert (Key(use="volume") in found.keys) is asked


def test_one_group_of_machines_with_a_volume_is_enough_to_ask_for_its_key() -> None:
    groups = [("ml.g5.xlarge", 1), ("ml.m5.xlarge", 2)]
    resources = {"InstanceGroups": [{"InstanceType": kind, "InstanceCount": n} for kind, n in groups]}
    found = patched(TRAINING, ResourceConfig=resources)
    assert found.instances == 3
    assert Key(use="volume") in found.keys


def test_a_tuning_job_is_as_weak_as_its_weakest_definition() -> None:
    weak = {**DEFINITION, "EnableNetworkIsolation": False, "OutputDataConfig": {"S3OutputPath": "s3://elsewhere/"}}
    weak |= {"EnableInterContainerTrafficEncryption": False}
    del weak["VpcConfig"]
    tuning = {"HyperParameterTuningJobName": "tune", "HyperParameterTuningJobConfig": {}}
    found = read({**tuning, "TrainingJobDefinitions": [DEFINITION, weak]})
    assert (found.kind, found.name) == ("sagemaker tuning", "tune")
    assert (found.network_isolation, found.traffic_encryption, found.subnets) == (False, False, ())
    assert found.outputs == ("s3://ml-prod/models/", "s3://elsewhere/")
    assert read({**tuning, "TrainingJobDefinition": DEFINITION}).network_isolation is True
    assert isinstance(jobs.read(tuning), NotObserved)


def test_a_processing_job() -> None:
    found = read(PROCESSING)
    assert (found.kind, found.name, found.subnets, found.network_isolation) == (
        "sagemaker processing",
        "clean",
        (),
        False,
    )
    assert (found.inputs, found.outputs) == (("s3://ml-prod/raw/",), ("s3://ml-prod/features/",))
    assert found.keys == (Key(use="volume"), Key(use="output", key="key-1"))
    network = {"EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True, "VpcConfig": VPC}
    closed = patched(PROCESSING, NetworkConfig=network)
    assert (closed.subnets, closed.network_isolation) == (("subnet-1", "subnet-2"), True)
    assert read({"Processing": PROCESSING}) == found


@pytest.mark.parametrize(("job", "field"), [(PROCESSING, "ProcessingResources"), (TRAINING, "ResourceConfig")])
def test_a_job_that_does_not_say_what_it_runs_on_is_unread_in_that(job: dict[str, Any], field: str) -> None:
    assert {"instances", "keys"} <= set(patched(job, **{field: None}).unread)


def test_arguments_that_look_like_secrets_are_named_by_their_places() -> None:
    started = {"ImageUri": IMAGE, "ContainerArguments": ["--epochs", "3", "--password", "hunter2"]}
    assert patched(PROCESSING, AppSpecification=started).containers[0].secrets == ("argument 4",)


def test_queries_and_feature_stores_are_places_that_are_not_in_s3() -> None:
    query = {"Catalog": "c", "Database": "d", "QueryString": "SELECT 1", "OutputS3Uri": "s3://ml-prod/q/"}
    found = patched(
        PROCESSING,
        ProcessingInputs=[{"InputName": "q", "DatasetDefinition": {"AthenaDatasetDefinition": query}}],
        ProcessingOutputConfig={"Outputs": [{"OutputName": "f", "FeatureStoreOutput": {"FeatureGroupName": "g"}}]},
    )
    assert found.inputs == ("athena://c/d",)
    assert found.outputs == ("s3://ml-prod/q/", "feature-store://g")
    assert Key(use="query") in found.keys
    assert "SELECT" not in found.model_dump_json()


def test_a_transform_job_refers_to_its_model() -> None:
    found = read(TRANSFORM)
    assert found.refers == ("sagemaker:model:churn-7",)
    assert (found.subnets, found.keys) == (None, (Key(use="output"),))


def test_a_transform_job_with_its_model() -> None:
    secret = {**TRANSFORM, "Environment": {"DB_PASSWORD": "hunter2"}}
    found = read({"Model": MODEL, "Transform": secret})
    assert found.refers == ()
    assert (found.subnets, found.network_isolation) == (("subnet-1", "subnet-2"), False)
    assert found.containers == (Container(image=IMAGE, secrets=("DB_PASSWORD",)),)
    assert found.roles == ("arn:aws:iam::222222222222:role/ml-serve-prod",)
    # The model beside it is not the one that is named: both count.
    other = read({"Model": {**MODEL, "ModelName": "harmless"}, "Transform": TRANSFORM})
    assert other.refers == ("sagemaker:model:churn-7",)
    assert read({"Transform": TRANSFORM}) == read(TRANSFORM)


def test_a_model_of_a_package_brings_what_cannot_be_read() -> None:
    assert patched(MODEL, PrimaryContainer={"ModelPackageName": "arn:x"}).unread == ("images", "weights")


def test_a_task_of_ecs() -> None:
    found = read(RUN_TASK)
    assert (found.kind, found.name, found.refers) == ("ecs task", "train:7", ("ecs:task_definition:train:7",))
    assert (found.subnets, found.security_groups, found.public_address) == (("subnet-1",), ("sg-1",), False)
    assert found.unread == ("inputs", "outputs")


@pytest.mark.parametrize(
    ("launch", "said", "public"),
    [
        ("FARGATE", "ENABLED", True),
        ("FARGATE", None, True),
        ("EC2", None, False),
        ("EC2", "ENABLED", True),
        (None, None, True),
        (None, "DISABLED", False),
        ("FARGATE", "disabled", True),
    ],
)
def test_a_public_address_is_taken_for_granted_where_nothing_rules_it_out(
    launch: str | None, said: str | None, public: bool
) -> None:
    vpc = {"subnets": ["subnet-1"], **({"assignPublicIp": said} if said else {})}
    found = patched(RUN_TASK, launchType=launch, networkConfiguration={"awsvpcConfiguration": vpc})
    assert found.public_address is public


def test_a_task_without_a_network_of_its_own_is_in_none_of_ours() -> None:
    found = patched(RUN_TASK, networkConfiguration=None)
    assert found.subnets == ()
    assert "public_address" in found.unread


def test_volumes_and_files_that_a_run_brings() -> None:
    volume = {"name": "scratch", "managedEBSVolume": {"roleArn": "r", "kmsKeyId": "key-1"}}
    file = {"value": "arn:aws:s3:::elsewhere/app.env", "type": "s3"}
    override = {"containerOverrides": [{"name": "train", "environmentFiles": [file]}], "taskRoleArn": "other"}
    found = patched(RUN_TASK, volumeConfigurations=[volume], overrides=override)
    assert found.keys == (Key(use="volume scratch", key="key-1"),)
    assert found.inputs == ("s3://elsewhere/app.env",)
    assert found.roles == ("other",)


@pytest.mark.parametrize(
    ("change", "way"),
    [
        ({"networkMode": "host"}, "host network"),
        ({"pidMode": "host"}, "host pid"),
        ({"ipcMode": "host"}, "host ipc"),
        ({"volumes": [{"name": "v", "host": {"sourcePath": "/"}}]}, "host path"),
        ({"volumes": [{"name": "v", "dockerVolumeConfiguration": {"driverOpts": {"device": "/"}}}]}, "host path"),
    ],
)
def test_ways_of_a_task_into_its_machine(change: dict[str, Any], way: str) -> None:
    assert patched(TASK_DEFINITION, **change).host == (way,)


@pytest.mark.parametrize(
    "change", [{"networkMode": "awsvpc"}, {"pidMode": "task"}, {"volumes": [{"name": "scratch", "host": {}}]}]
)
def test_near_misses_of_ways_into_the_machine(change: dict[str, Any]) -> None:
    assert patched(TASK_DEFINITION, **change).host == ()


def test_powers_of_a_container() -> None:
    linux = {"capabilities": {"add": ["SYS_ADMIN"]}, "devices": [{"hostPath": "/dev/sda"}]}
    found = patched(
        TASK_DEFINITION, containerDefinitions=[{"image": IMAGE, "privileged": True, "linuxParameters": linux}]
    )
    assert found.host == ("capability SYS_ADMIN", "host device")
    assert found.containers[0].privileged


@pytest.mark.parametrize(
    ("user", "root"),
    [
        ("root", True),
        ("0", True),
        ("0:0", True),
        ("root:app", True),
        ("", None),
        ("1000", False),
        ("app:root", False),
        ("rooty", False),
        ("0:1000", True),
        (":1000", True),
        ("+0", True),
        ("1000:0", False),
    ],
)
def test_who_is_root(user: str, root: bool | None) -> None:
    found = patched(TASK_DEFINITION, containerDefinitions=[{"image": IMAGE, "user": user}])
    assert found.containers[0].root is root


def test_a_job_of_batch() -> None:
    found = patched(SUBMIT_JOB, containerOverrides={"environment": [{"name": "KEY", "value": "AKIA" + "B" * 16}]})
    assert (found.kind, found.name) == ("batch job", "churn")
    assert found.refers == ("batch:job_definition:train:3", "batch:job_queue:ml")
    assert found.containers == (Container(secrets=("KEY",)),)
    definition = read(JOB_DEFINITION)
    assert (definition.public_address, definition.roles) == (False, ("ml-train-prod",))
    assert definition.containers == (Container(image=IMAGE, root=False),)


def test_on_machines_of_ec2_no_job_of_batch_says_whether_they_have_public_addresses() -> None:
    assert "public_address" in patched(JOB_DEFINITION, platformCapabilities=["EC2"]).unread
    assert "public_address" in patched(JOB_DEFINITION, platformCapabilities=None).unread


def test_every_node_of_a_job_of_batch_counts() -> None:
    public = {"assignPublicIp": "ENABLED"}
    nodes = [
        {"targetNodes": "0", "container": {"image": IMAGE}},
        {"container": {"image": "stranger", "privileged": True, "user": "{{ user }}", "networkConfiguration": public}},
    ]
    change = {"nodeProperties": {"numNodes": 2, "mainNode": 0, "nodeRangeProperties": nodes}}
    found = patched(JOB_DEFINITION, containerProperties=None, **change)
    assert [(one.image, one.privileged) for one in found.containers] == [(IMAGE, False), ("stranger", True)]
    assert found.public_address is True
    assert "host" in found.unread


def test_batch_lets_pods_into_the_machines_network_unless_told_otherwise() -> None:
    pod = {"podProperties": {"containers": [{"image": IMAGE}]}}
    assert patched(JOB_DEFINITION, containerProperties=None, eksProperties=pod).host == ("host network",)
    pod["podProperties"]["hostNetwork"] = False  # type: ignore[assignment]
    assert patched(JOB_DEFINITION, containerProperties=None, eksProperties=pod).host == ()


def test_a_definition_of_batch_that_says_nothing_is_unread() -> None:
    assert {"host", "images"} <= set(patched(JOB_DEFINITION, containerProperties=None).unread)


def test_a_pod() -> None:
    found = read(POD)
    assert (found.kind, found.name, found.host, found.in_aws) == ("kubernetes pod", "train", (), False)
    assert found.containers == (Container(name="base", image=IMAGE, root=False),)
    assert read(POD["spec"]).containers == found.containers
    first = patched(POD, spec={**POD["spec"], "initContainers": [{"name": "first", "image": "stranger"}]})
    assert [one.image for one in first.containers] == ["stranger", IMAGE]


@pytest.mark.parametrize(
    ("change", "way"),
    [
        ({"hostNetwork": True}, "host network"),
        ({"hostPID": True}, "host pid"),
        ({"host_pid": True}, "host pid"),
        ({"hostIPC": True}, "host ipc"),
        ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, "host path"),
        ({"volumes": [{"name": "v", "host_path": {"path": "/"}}]}, "host path"),
        ({"initContainers": [{"securityContext": {"capabilities": {"add": ["NET_ADMIN"]}}}]}, "capability NET_ADMIN"),
    ],
)
def test_ways_of_a_pod_into_its_machine(change: dict[str, Any], way: str) -> None:
    assert read({**POD, "spec": {**POD["spec"], **change}}).host == (way,)


@pytest.mark.parametrize(
    ("pod", "own", "root"),
    [
        ({"runAsUser": 0}, {}, True),
        ({"runAsUser": 1000}, {"runAsUser": 0}, True),
        ({"runAsNonRoot": True}, {"runAsUser": 0}, True),
        ({}, {"runAsNonRoot": True}, False),
        ({"runAsUser": 0}, {"runAsUser": 1000}, False),
        ({"runAsNonRoot": True}, {"runAsNonRoot": False}, None),
        ({"runAsNonRoot": True}, {}, False),
        ({"runAsUser": 0}, {"runAsNonRoot": True}, True),
        ({"runAsUser": 1000}, {"runAsNonRoot": False}, False),
        ({}, {}, None),
    ],
)
def test_a_container_of_a_pod_goes_before_its_pod(pod: dict[str, Any], own: dict[str, Any], root: bool | None) -> None:
    spec = {"securityContext": pod, "containers": [{"image": IMAGE, "securityContext": own}]}
    assert read({"spec": spec}).containers[0].root is root


def test_a_field_under_both_of_its_names_is_not_observed() -> None:
    spec = {**POD["spec"], "hostNetwork": False, "host_network": True}
    assert isinstance(jobs.read({**POD, "spec": spec}), NotObserved)


def test_what_a_pod_operator_is_given_is_laid_over_its_template() -> None:
    template = {
        "spec": {"hostNetwork": True, "containers": [{"image": "old", "env": [{"name": "A_TOKEN", "value": "x"}]}]}
    }
    given = {"image": IMAGE, "env_vars": [{"name": "DB_PASSWORD", "value": "hunter2"}], "full_pod_spec": template}
    found = read({**given, "container_security_context": {"run_as_user": 1000}})
    assert found.host == ("host network",)
    assert found.containers == (Container(image=IMAGE, secrets=("A_TOKEN", "DB_PASSWORD"), root=False),)


@pytest.mark.parametrize("field", ["pod_template_file", "job_template_file", "application_file", "template_spec"])
def test_a_file_that_is_not_read_leaves_all_open(field: str) -> None:
    assert {"host", "images", "secrets"} <= set(read({"image": IMAGE, field: "x.yaml"}).unread)


def test_the_sidecar_of_xcom_has_an_image_that_the_pod_does_not_tell() -> None:
    assert "images" in read({"image": IMAGE, "do_xcom_push": True}).unread


@pytest.mark.parametrize(
    ("job", "change", "part"),
    [
        (TRAINING, {"EnableNetworkIsolation": "{{ params.closed }}"}, "network_isolation"),
        (TRAINING, {"VpcConfig": {"Subnets": ["subnet-1", "{{ subnet }}"]}}, "subnets"),
        (TRAINING, {"RoleArn": "arn:aws:iam::2:role/{{ role }}"}, "roles"),
        (TRAINING, {"OutputDataConfig": {"S3OutputPath": "s3://{{ b }}/", "KmsKeyId": "{% if x %}"}}, "keys"),
        (TRAINING, {"OutputDataConfig": {"S3OutputPath": "s3://{{ b }}/"}}, "outputs"),
        (TRAINING, {"AlgorithmSpecification": {"TrainingImage": "{{ image }}"}}, "images"),
        (TRAINING, {"Environment": {"A": "{{ var.value.a }}"}}, "secrets"),
        (TRAINING, {"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": "{{ n }}"}}, "instances"),
        (TRANSFORM, {"ModelName": "{{ model }}"}, "subnets"),
        (RUN_TASK, {"taskDefinition": "{{ definition }}"}, "images"),
        (RUN_TASK, {"launchType": "{{ launch }}"}, "public_address"),
        (TASK_DEFINITION, {"networkMode": "{{ mode }}"}, "host"),
        (SUBMIT_JOB, {"jobQueue": "{{ queue }}"}, "subnets"),
        (POD, {"spec": {"containers": [{"image": IMAGE}], "hostNetwork": "{{ x }}"}}, "host"),
    ],
)
def test_what_still_holds_jinja_is_unread_and_not_kept(job: dict[str, Any], change: dict[str, Any], part: str) -> None:
    found = patched(job, **change)
    assert part in found.unread
    assert "{{" not in found.model_dump_json()


def test_a_dynamic_reference_is_no_jinja() -> None:
    found = patched(TRAINING, Environment={"DB_PASSWORD": "{{resolve:secretsmanager:db:SecretString:password}}"})
    assert found.unread == ()
    assert found.containers[0].secrets == ()


@pytest.mark.parametrize(
    "job",
    [
        {},
        {"name": "churn"},
        {**TRAINING, **TRANSFORM},
        {**RUN_TASK, **TASK_DEFINITION},
        {"Model": MODEL},
        {"kind": "Job", "spec": {"template": POD}},
        {"TrainingJobName": "churn"},
        {"trainingJobName": "churn", **DEFINITION},
        {**TRAINING, "EnableNetworkIsolation": "true"},
        {**TRAINING, "VpcConfig": [VPC]},
        {"Processing": 7},
    ],
)
def test_what_fits_no_kind_or_several_is_not_observed(job: dict[str, Any]) -> None:
    assert isinstance(jobs.read(job), NotObserved)


@pytest.mark.parametrize("job", ALL, ids=lambda job: next(iter(job)))  # reads none: a mistake shows in tests
def test_a_job_that_is_read_can_be_stored_and_read_again(job: dict[str, Any]) -> None:
    assert JobFacts.model_validate_json(read(job).model_dump_json()) == read(job)


def test_nesting_without_end_is_not_observed() -> None:
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"spec": deep}
    assert isinstance(jobs.read(deep), NotObserved)


CANARY = "zebra7Qk2"
VALUES = st.sampled_from(
    [CANARY, f"--password={CANARY}", f"://u:{CANARY}@h", f"{CANARY}{{{{ x }}}}", f"AKIA{CANARY}", f"{CANARY}=1"]
)
NAMES = st.sampled_from(["DB_PASSWORD", "MODE", "token", "x"])
MAPS = st.dictionaries(NAMES, VALUES, max_size=3)
LISTED = MAPS.map(lambda one: [{"name": name, "value": value} for name, value in one.items()])
TEXTS = st.lists(VALUES, max_size=3)


@settings(max_examples=100, deadline=None)
@given(values=MAPS, listed=LISTED, texts=TEXTS)
def test_no_value_is_ever_kept(values: dict[str, str], listed: list[Any], texts: list[str]) -> None:
    algorithm = {**TRAINING["AlgorithmSpecification"], "ContainerArguments": texts, "ContainerEntrypoint": texts}
    container = {"name": "train", "image": IMAGE, "environment": listed, "command": texts, "entryPoint": texts}
    pod = {"containers": [{"image": IMAGE, "env": listed, "args": texts, "command": texts}]}
    for job in (
        {**TRAINING, "HyperParameters": values, "Environment": values, "AlgorithmSpecification": algorithm},
        {**PROCESSING, "Environment": values, "AppSpecification": {"ImageUri": IMAGE, "ContainerArguments": texts}},
        {**TRANSFORM, "Environment": values},
        {**MODEL, "Containers": [{"Image": IMAGE, "Environment": values}]},
        {**RUN_TASK, "overrides": {"containerOverrides": [{"name": "x", "environment": listed, "command": texts}]}},
        {**TASK_DEFINITION, "containerDefinitions": [container]},
        {**SUBMIT_JOB, "parameters": values, "containerOverrides": {"environment": listed, "command": texts}},
        {**JOB_DEFINITION, "containerProperties": container, "parameters": values},
        {**JOB_DEFINITION, "eksProperties": {"podProperties": pod}},
        {**POD, "spec": pod},
        {"image": IMAGE, "env_vars": values, "arguments": texts, "cmds": texts},
    ):
        assert CANARY not in read(job).model_dump_json()


@settings(max_examples=50, deadline=None)
@given(values=MAPS, texts=TEXTS)
def test_what_is_kept_of_an_answer_has_no_value_and_reads_the_same(values: dict[str, str], texts: list[str]) -> None:
    algorithm = {**TRAINING["AlgorithmSpecification"], "ContainerArguments": texts}
    answer = {**TRAINING, "HyperParameters": values, "AlgorithmSpecification": algorithm, "FailureReason": CANARY}
    stored = json.loads(json.dumps(kept(Training)(answer)))
    assert CANARY not in json.dumps(stored)
    assert Training.model_validate(stored).facts() == Training.model_validate(answer).facts()
    assert kept(Training)({"HyperParameters": {"x": CANARY}}) == {}


FIELDS = sorted(
    {name for job in ALL for name in job} | {"Model", "Transform", "Processing", "spec", "image", "env_vars"}
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["{{ x }}", "host"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(job=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=4), JSON, max_size=5))
def test_arbitrary_json_never_trips_the_reader(job: dict[str, Any]) -> None:
    assert isinstance(jobs.read(job), JobFacts | NotObserved)


@settings(max_examples=200, deadline=None)
@given(job=st.sampled_from(ALL), field=st.sampled_from(FIELDS), value=JSON)
def test_a_job_with_one_field_of_anything_never_trips_the_reader(job: dict[str, Any], field: str, value: Any) -> None:
    assert isinstance(jobs.read({**job, field: value}), JobFacts | NotObserved)


@pytest.mark.parametrize("kind", ["ManifestFile", "AugmentedManifestFile", "SomethingNew"])
def test_what_a_manifest_names_is_not_read(kind: str) -> None:
    """The file may name objects of any bucket."""
    channel = {"DataSource": {"S3DataSource": {"S3DataType": kind, "S3Uri": "s3://ml-prod/list.json"}}}
    job = read({**TRAINING, "InputDataConfig": [channel]})
    assert isinstance(job, JobFacts)
    assert (job.inputs, "inputs" in job.unread) == ((), True)
    listed = [{"InputName": "i", "S3Input": {"S3DataType": kind, "S3Uri": "s3://ml-prod/list.json"}}]
    clean = patched(PROCESSING, ProcessingInputs=listed)
    assert (clean.inputs, "inputs" in clean.unread) == ((), True)


@pytest.mark.parametrize("kind", ["S3Object", "S3Prefix"])
def test_weights_are_read_wherever_they_are_said_to_be(kind: str) -> None:
    source = {"ModelDataSource": {"S3DataSource": {"S3DataType": kind, "S3Uri": "s3://elsewhere/w"}}}
    assert patched(MODEL, PrimaryContainer={"Image": IMAGE, **source}).weights == ("s3://elsewhere/w",)


def test_weights_of_which_nobody_says_where_they_are() -> None:
    source = {"ModelDataSource": {"S3DataSource": {"S3DataType": "ManifestFile", "S3Uri": "s3://ml-prod/m"}}}
    assert patched(MODEL, PrimaryContainer={"Image": IMAGE, **source}).unread == ("weights",)


def test_a_model_beside_a_transform_job_is_not_overlooked() -> None:
    assert isinstance(jobs.read({**TRANSFORM, "Model": MODEL}), NotObserved)


@pytest.mark.parametrize(
    ("security", "way"),
    [
        ({"procMount": "Unmasked"}, "unmasked /proc"),
        ({"seccompProfile": {"type": "Unconfined"}}, "seccomp unconfined"),
        ({"windowsOptions": {"hostProcess": True}}, "host process"),
    ],
)
def test_further_ways_of_a_pod_into_its_machine(security: dict[str, Any], way: str) -> None:
    container = {"name": "base", "image": IMAGE}
    assert patched(POD, spec={"containers": [{**container, "securityContext": security}]}).host == (way,)


def test_the_mount_options_of_a_volume_are_not_kept() -> None:
    volume = {"name": "v", "dockerVolumeConfiguration": {"driverOpts": {"o": "username=app,password=hunter2"}}}
    answer = {**TASK_DEFINITION, "volumes": [volume]}
    assert "hunter2" not in json.dumps(kept(TaskDefinition)(answer))
    assert read(answer).host == ("host path",)


def test_what_a_web_address_carries_along_is_not_kept() -> None:
    read_from = {"S3Uri": "https://app:hunter2@store.example/x?X-Amz-Signature=hunter2"}
    found = patched(TRAINING, InputDataConfig=[{"DataSource": {"S3DataSource": read_from}}])
    assert found.inputs == ("https://store.example/x",)


def test_a_password_with_an_at_sign_is_not_kept_in_part() -> None:
    read_from = {"S3Uri": "https://app:hunter@2@store.example/x"}
    found = patched(TRAINING, InputDataConfig=[{"DataSource": {"S3DataSource": read_from}}])
    assert found.inputs == ("https://store.example/x",)


@pytest.mark.parametrize("later", [{"value": ""}, {"value": "{{ x }}"}, {"valueFrom": {"secretKeyRef": {"key": "x"}}}])
def test_a_variable_that_is_given_again_hides_no_secret(later: dict[str, Any]) -> None:
    env = [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "DB_PASSWORD", **later}]
    manifest = {"spec": {"containers": [{"name": "train", "image": "x", "env": env}]}}
    assert read(manifest).containers[0].secrets == ("DB_PASSWORD",)
    templated = {
        "podTemplateDict": {"spec": {"containers": [{"name": "base", "env": env[:1]}]}}, "env_vars": {"DB_PASSWORD": ""},
    }  # fmt: skip
    assert read(templated).containers[0].secrets == ("DB_PASSWORD",)


def test_a_variable_without_a_name_is_not_observed() -> None:
    env = [{"Name": "DB_PASSWORD", "Value": "hunter2"}]
    found = jobs.read({"spec": {"containers": [{"name": "train", "image": "x", "env": env}]}})
    assert isinstance(found, NotObserved)
