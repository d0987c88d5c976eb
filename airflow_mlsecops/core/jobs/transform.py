"""Batch transform jobs of SageMaker, and the models that they run.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html and …/API_CreateModel.html. A
transform job has no network of its own: it runs in its model's.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.core.aws import Shape
from airflow_mlsecops.core.job import JobFacts, Key
from airflow_mlsecops.core.jobs.parts import JINJA, Flag, Place, Values, container, facts
from airflow_mlsecops.core.jobs.sagemaker import Cluster, Output, S3Operations, Uri, VpcConfig, output_keys, uris
from airflow_mlsecops.core.jobs.together import completed
from airflow_mlsecops.core.jobs.training import Channel

TRANSFORM = "sagemaker transform"
MODEL = "sagemaker model"
REFERS = "sagemaker:model:"
# What of a transform job only its model says.
_OF_MODEL = ("images", "secrets", "subnets", "security_groups", "network_isolation", "weights", "roles")


class ModelData(Shape):
    """Where weights come from."""

    s3_data_source: Uri | None = None


class ModelContainer(Shape):
    """One container of a model."""

    container_hostname: str = ""
    image: str = ""
    model_data_url: Place = ""
    model_data_source: ModelData = ModelData()
    additional_model_data_sources: tuple[ModelData, ...] = ()
    model_package_name: str = ""
    environment: Values = {}

    @property
    def weights(self) -> tuple[str, ...]:
        """Where its weights come from."""
        return (*filter(None, (self.model_data_url,)), *uris(*(one.s3_data_source for one in self._sources)))

    @property
    def weights_unread(self) -> bool:
        """True if it has weights of which it does not say where they come from: a package's, or a manifest's."""
        sources = (one.s3_data_source for one in self._sources)
        return bool(self.model_package_name) or any(one is not None and not one.uri for one in sources)

    @property
    def _sources(self) -> tuple[ModelData, ...]:
        return (self.model_data_source, *self.additional_model_data_sources)


class Model(Shape):
    """CreateModel and what DescribeModel answers."""

    model_name: str
    execution_role_arn: str = ""
    primary_container: ModelContainer | None = None
    containers: tuple[ModelContainer, ...] = ()
    vpc_config: VpcConfig = VpcConfig()
    enable_network_isolation: Flag = False
    s3_operations: S3Operations = S3Operations()

    def facts(self) -> JobFacts:
        """What its isolation depends on."""
        found = (*((self.primary_container,) if self.primary_container else ()), *self.containers)
        return facts(
            MODEL,
            name=self.model_name,
            containers=tuple(container(one.container_hostname, one.image, one.environment) for one in found),
            subnets=self.vpc_config.subnets,
            security_groups=self.vpc_config.security_group_ids,
            network_isolation=self.enable_network_isolation,
            weights=tuple(place for one in found for place in one.weights),
            outputs=self.s3_operations.outputs,
            roles=tuple(filter(None, (self.execution_role_arn,))),
            unread=_unread(found),
        )


def _unread(containers: tuple[ModelContainer, ...]) -> Iterator[str]:
    if any(one.model_package_name for one in containers):  # which brings an image of its own
        yield "images"
    if any(one.weights_unread for one in containers):
        yield "weights"


class Transform(Shape):
    """CreateTransformJob."""

    transform_job_name: str
    model_name: str
    environment: Values = {}
    transform_input: Channel
    transform_output: Output
    data_capture_config: Output | None = None
    transform_resources: Cluster
    s3_operations: S3Operations = S3Operations()

    def facts(self) -> JobFacts:
        """What its isolation depends on, as far as it says so itself."""
        capture, place = self.data_capture_config, self.transform_input.data_source.uri
        captured = (Key(use="capture", key=capture.kms_key_id),) if capture else ()
        named = self.model_name != JINJA
        return facts(
            TRANSFORM,
            name=self.transform_job_name,
            containers=(container("", "", self.environment),),
            instances=self.transform_resources.instances,
            inputs=tuple(filter(None, (place,))),
            outputs=(*uris(self.transform_output, capture), *self.s3_operations.outputs),
            keys=(*self.transform_resources.keys, *output_keys((self.transform_output,)), *captured),
            refers=(REFERS + self.model_name,) if named else (),
            unread=(*(() if place else ("inputs",)), *(() if named else _OF_MODEL)),
        )


class TransformWithModel(Shape):
    """``{"Model": …, "Transform": …}``, as SageMakerTransformOperator takes it: it creates the model as well."""

    model: Model | None = None
    transform: Transform
    s3_operations: S3Operations = S3Operations()

    def facts(self) -> JobFacts:
        """What its isolation depends on."""
        job = self.transform.facts()
        job = job.model_copy(update={"outputs": (*job.outputs, *self.s3_operations.outputs)})
        if self.model is None:
            return job
        whole = completed(job, self.model.facts())
        # The operator runs the model it creates; where the names differ, it may run the one that is named.
        other = self.model.model_name != self.transform.model_name
        return whole.model_copy(update={"refers": job.refers}) if other else whole
