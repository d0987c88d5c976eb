"""Training and tuning jobs of SageMaker.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html; what DescribeTrainingJob answers
has the same form. Where a field is absent, AWS' own default is read: no isolation, no encryption of traffic, no VPC.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import model_validator

from airflow_mlsecops.core.aws import Shape
from airflow_mlsecops.core.job import Container, JobFacts
from airflow_mlsecops.core.jobs.parts import Arguments, Count, Flag, Values, container, facts
from airflow_mlsecops.core.jobs.sagemaker import Cluster, Output, S3Operations, Uri, VpcConfig, output_keys, uris
from airflow_mlsecops.core.jobs.together import together

TRAINING = "sagemaker training"
TUNING = "sagemaker tuning"


class FileSystem(Shape):
    """A file system that a job mounts."""

    file_system_id: str
    file_system_type: str = "EFS"
    directory_path: str = ""


class HubDataset(Shape):
    """A data set of SageMaker's hub."""

    dataset_arn: str


class DataSource(Shape):
    """Where a channel's data come from."""

    s3_data_source: Uri | None = None
    file_system_data_source: FileSystem | None = None
    dataset_source: HubDataset | None = None

    @property
    def uri(self) -> str:
        """The place; empty where it is of a kind that is not known."""
        mounted, hub = self.file_system_data_source, self.dataset_source
        if mounted:
            return f"{mounted.file_system_type.lower()}://{mounted.file_system_id}{mounted.directory_path}"
        return self.s3_data_source.uri if self.s3_data_source else hub.dataset_arn if hub else ""


class Channel(Shape):
    """One input."""

    data_source: DataSource = DataSource()


class Machines(Shape):
    """One kind of machine among several."""

    instance_type: str = ""
    instance_count: Count = 1


class Resources(Cluster):
    """Machines of a training job: one kind, groups of several, or a choice of several."""

    instance_groups: tuple[Machines, ...] = ()
    instance_preferences: tuple[Machines, ...] = ()
    instance_configs: tuple[Machines, ...] = ()

    @property
    def machines(self) -> tuple[tuple[str, Count], ...]:
        """Kinds of machines, and how many of each."""
        several = (*self.instance_groups, *self.instance_preferences, *self.instance_configs)
        return tuple((one.instance_type, one.instance_count) for one in several) or super().machines


class Algorithm(Shape):
    """What is run."""

    training_image: str = ""
    container_entrypoint: Arguments = ()
    container_arguments: Arguments = ()


class Rule(Uri):
    """A rule of the debugger or profiler, which runs an image of its own."""

    rule_evaluator_image: str = ""
    rule_parameters: Values = {}


class Definition(Shape):
    """What training jobs and the definitions of a tuning job have in common."""

    algorithm_specification: Algorithm
    role_arn: str
    hyper_parameters: Values = {}
    static_hyper_parameters: Values = {}
    environment: Values = {}
    input_data_config: tuple[Channel, ...] = ()
    output_data_config: Output
    resource_config: Resources | None = None
    hyper_parameter_tuning_resource_config: Resources | None = None
    vpc_config: VpcConfig = VpcConfig()
    enable_network_isolation: Flag = False
    enable_inter_container_traffic_encryption: Flag = False
    checkpoint_config: Uri | None = None
    debug_hook_config: Uri | None = None
    profiler_config: Uri | None = None
    tensor_board_output_config: Uri | None = None
    debug_rule_configurations: tuple[Rule, ...] = ()
    profiler_rule_configurations: tuple[Rule, ...] = ()
    s3_operations: S3Operations = S3Operations()

    def read(self, kind: str, name: str) -> JobFacts:
        """What its isolation depends on."""
        resources = self.resource_config or self.hyper_parameter_tuning_resource_config
        inputs = [channel.data_source.uri for channel in self.input_data_config]
        output = self.output_data_config
        return facts(
            kind,
            name=name,
            containers=self._containers(),
            subnets=self.vpc_config.subnets,
            security_groups=self.vpc_config.security_group_ids,
            network_isolation=self.enable_network_isolation,
            traffic_encryption=self.enable_inter_container_traffic_encryption,
            instances=resources.instances if resources else None,
            inputs=tuple(filter(None, inputs)),
            outputs=(*uris(output, *self._further_outputs()), *self.s3_operations.outputs),
            keys=(*(resources.keys if resources else ()), *output_keys((output,))),
            roles=(self.role_arn,),
            unread=self._unread(inputs, resources),
        )

    def _further_outputs(self) -> Iterator[Uri | None]:
        yield from (self.checkpoint_config, self.debug_hook_config, self.profiler_config)
        yield self.tensor_board_output_config
        yield from (*self.debug_rule_configurations, *self.profiler_rule_configurations)

    def _containers(self) -> Iterator[Container]:
        algorithm = self.algorithm_specification
        given = (self.hyper_parameters, self.static_hyper_parameters, self.environment)
        started = (algorithm.container_entrypoint, algorithm.container_arguments)
        yield container("algorithm", algorithm.training_image, *given, arguments=started)
        for rule in (*self.debug_rule_configurations, *self.profiler_rule_configurations):
            yield container("rule", rule.rule_evaluator_image, rule.rule_parameters)

    def _unread(self, inputs: list[str], resources: Resources | None) -> Iterator[str]:
        if not all(inputs):
            yield "inputs"
        if not self.output_data_config.uri:
            yield "outputs"
        if resources is None:
            yield from ("instances", "keys")


class Training(Definition):
    """CreateTrainingJob."""

    training_job_name: str

    def facts(self) -> JobFacts:
        """What its isolation depends on."""
        return self.read(TRAINING, self.training_job_name)


class Tuning(Shape):
    """CreateHyperParameterTuningJob, which submits training jobs of one or several definitions."""

    hyper_parameter_tuning_job_name: str
    training_job_definition: Definition | None = None
    training_job_definitions: tuple[Definition, ...] = ()
    s3_operations: S3Operations = S3Operations()

    def facts(self) -> JobFacts:
        """What its isolation depends on: the weakest of its definitions."""
        written = facts(TUNING, name=self.hyper_parameter_tuning_job_name, outputs=self.s3_operations.outputs)
        return together(TUNING, (written, *(one.read(TUNING, "") for one in self._definitions)), written.name)

    @property
    def _definitions(self) -> tuple[Definition, ...]:
        one = self.training_job_definition
        return (*((one,) if one else ()), *self.training_job_definitions)

    @model_validator(mode="after")
    def _trains_something(self) -> Self:
        if not self._definitions:
            raise ValueError("a tuning job without a definition")
        return self
