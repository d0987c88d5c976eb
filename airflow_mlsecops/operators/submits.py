"""The job that an Airflow operator is about to submit, as the arguments of the call that submits it.

Give the isolation gate the same job, so that the seal finds what the gate judged::

    train = SageMakerTrainingOperator(task_id="train", config=TRAINING_JOB)
    isolation = IsolationCheckOperator(task_id="isolation", environment="prod-train", job=job_of(train), ...)
    isolation >> sealed(train, ...)

``job=job_of(task)`` is right for every operator: templates in it are rendered for the gate as they are for the task.
Written by hand it is, without what is ``None`` or, but for ``overrides``, empty:

============================ =========================================================================================
``SageMaker…Operator``       what its ``config=`` is
``SageMakerAutoMLOperator``  no job that can be read: the gate answers UNKNOWN
``EcsRunTaskOperator``       arguments of ``ecs.run_task`` but ``startedBy``: ``cluster``, ``taskDefinition``,
                             ``overrides``, ``launchType`` (``EC2`` unless said otherwise; left out where there is a
                             ``capacityProviderStrategy``), ``networkConfiguration``, ``tags`` as a list of ``key`` and
                             ``value``…
``BatchOperator``            arguments of ``batch.submit_job``: ``jobName``, ``jobQueue``, ``jobDefinition``,
                             ``containerOverrides``, ``parameters``…
``KubernetesPodOperator``    its own arguments that decide what runs where (``image``, ``cmds``, ``env_vars`` as a list
                             of ``name`` and ``value``, ``hostnetwork``, ``full_pod_spec``…), as plain JSON
============================ =========================================================================================

Operators are told by the names of their classes, so that no provider need be installed; a subclass counts like its
base. A ``pod_template_file`` is not read: the gate answers UNKNOWN for what it may say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Job = Mapping[str, Any]

# Attributes of the operators, by argument of the call; those of which the operator itself makes nothing are left out.
_ECS = {
    "cluster": "cluster",
    "taskDefinition": "task_definition",
    "overrides": "overrides",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "launchType": "launch_type",
    "volumeConfigurations": "volume_configurations",
    "platformVersion": "platform_version",
    "group": "group",
    "placementConstraints": "placement_constraints",
    "placementStrategy": "placement_strategy",
    "networkConfiguration": "network_configuration",
    "propagateTags": "propagate_tags",
}
_BATCH = {
    "jobName": "job_name",
    "jobQueue": "job_queue",
    "jobDefinition": "job_definition",
    "arrayProperties": "array_properties",
    "parameters": "parameters",
    "tags": "tags",
    "containerOverrides": "container_overrides",
    "ecsPropertiesOverride": "ecs_properties_override",
    "eksPropertiesOverride": "eks_properties_override",
    "nodeOverrides": "node_overrides",
    "retryStrategy": "retry_strategy",
    "shareIdentifier": "share_identifier",
    "schedulingPriorityOverride": "scheduling_priority_override",
}
_POD = (
    *("kubernetes_conn_id", "config_file", "cluster_context", "in_cluster", "namespace", "name", "image"),
    *("cmds", "arguments", "env_vars", "env_from", "pod_runtime_info_envs", "volumes", "volume_mounts"),
    *("hostnetwork", "security_context", "container_security_context", "service_account_name"),
    *("init_containers", "node_selector", "base_container_name", "annotations", "labels", "full_pod_spec"),
    *("pod_template_file", "pod_template_dict", "do_xcom_push"),
    # Of subclasses, which make a pod, or more than one, of something else.
    *("job_template_file", "application_file", "template_spec"),
)
_AUTO_ML = {
    "AutoMLJobName": "job_name",
    "InputS3Uri": "s3_input",
    "OutputS3Uri": "s3_output",
    "RoleArn": "role_arn",
    "Extras": "extras",
}


def job_of(task: Any) -> Job | None:
    """The job that a task is about to submit; ``None`` for one that submits none that is known.

    :param task: an operator, its fields rendered or not
    """
    reader = _reader(task)
    return reader(task) if reader else None


def submits(task: Any) -> bool:
    """True if a task is of a kind whose job is read from itself."""
    return _reader(task) not in (None, _nothing)


def _reader(task: Any) -> Callable[[Any], Job | None] | None:
    names = {kind.__name__ for kind in type(task).__mro__}
    return next((read for name, read in _READERS.items() if name in names), None)


def _nothing(task: Any) -> None:
    """Some operators of SageMaker carry a ``config`` and submit no job."""


def _config(task: Any) -> Job | None:
    config = getattr(task, "config", None)
    return config if isinstance(config, Mapping) and config else None


def _auto_ml(task: Any) -> Job:
    return _arguments(task, _AUTO_ML)


def _pipeline(task: Any) -> Job:
    return _arguments(task, {"PipelineName": "pipeline_name", "PipelineParameters": "pipeline_params"})


def _ecs(task: Any) -> Job:
    job = _arguments(task, _ECS)
    if "capacityProviderStrategy" in job:
        job.pop("launchType", None)
    if tags := getattr(task, "tags", None):
        job["tags"] = [{"key": key, "value": value} for key, value in tags.items()]
    # The operator hands its overrides on even where there are none.
    return {**job, "overrides": getattr(task, "overrides", None) or {}}


def _batch(task: Any) -> Job:
    job = _arguments(task, _BATCH)
    timeout = getattr(task, "submit_job_timeout", None)
    return {**job, "timeout": {"attemptDurationSeconds": timeout}} if timeout else job


def _pod(task: Any) -> Job:
    return _arguments(task, dict(zip(_POD, _POD, strict=True)))


def _arguments(task: Any, fields: Mapping[str, str]) -> dict[str, Any]:
    read = {name: _plain(getattr(task, attribute, None)) for name, attribute in fields.items()}
    return {name: value for name, value in read.items() if value not in (None, "", False, {}, [])}


def _plain(value: Any) -> Any:
    """Values as JSON: what the client of Kubernetes models, as its ``to_dict`` writes it, without what is not set."""
    if callable(to_dict := getattr(value, "to_dict", None)):
        return _plain_model(to_dict())
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _plain_model(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain_model(one) for name, one in value.items() if one is not None}
    return [_plain_model(one) for one in value] if isinstance(value, list | tuple) else value


# The first that fits counts, hence what is special stands before its base.
_READERS: dict[str, Callable[[Any], Job | None]] = {
    "SageMakerDeleteModelOperator": _nothing,
    "SageMakerStopPipelineOperator": _nothing,
    "SageMakerCreateExperimentOperator": _nothing,
    "SageMakerAutoMLOperator": _auto_ml,
    "SageMakerStartPipelineOperator": _pipeline,
    "SageMakerBaseOperator": _config,
    "EcsRunTaskOperator": _ecs,
    "BatchOperator": _batch,
    "KubernetesPodOperator": _pod,
}
