"""SageMaker: the questions, and what is read of their answers.

Jobs and models are read by the same models as the jobs that are about to be submitted: of environment variables,
hyperparameters and arguments nothing is kept but whether they look like secrets.
"""

from __future__ import annotations

from typing import Any

from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.jobs.parts import Place, kept
from airflow_mlsecops.core.jobs.processing import Processing
from airflow_mlsecops.core.jobs.sagemaker import Output, Uri, VpcConfig
from airflow_mlsecops.core.jobs.training import Training
from airflow_mlsecops.core.jobs.transform import Model, Transform


class TrainingJob(Shape):
    """One training job in a list."""

    training_job_name: str


class TrainingJobs(Shape):
    """Answer of ListTrainingJobs."""

    training_job_summaries: tuple[TrainingJob, ...]


class ProcessingJob(Shape):
    """One processing job in a list."""

    processing_job_name: str


class ProcessingJobs(Shape):
    """Answer of ListProcessingJobs."""

    processing_job_summaries: tuple[ProcessingJob, ...]


class TransformJob(Shape):
    """One transform job in a list."""

    transform_job_name: str


class TransformJobs(Shape):
    """Answer of ListTransformJobs."""

    transform_job_summaries: tuple[TransformJob, ...]


class NotebookName(Shape):
    """One notebook instance in a list."""

    notebook_instance_name: str


class Notebooks(Shape):
    """Answer of ListNotebookInstances."""

    notebook_instances: tuple[NotebookName, ...]


class MetadataService(Shape):
    """What an instance answers to those who ask it for credentials."""

    minimum_instance_metadata_service_version: str = "1"


class Notebook(Shape):
    """Answer of DescribeNotebookInstance; what is absent is as open as AWS makes it."""

    notebook_instance_name: str
    direct_internet_access: str = "Enabled"
    root_access: str = "Enabled"
    subnet_id: str = ""
    kms_key_id: str = ""
    instance_metadata_service_configuration: MetadataService = MetadataService()


class DomainName(Shape):
    """One domain in a list."""

    domain_id: str
    domain_name: str


class Domains(Shape):
    """Answer of ListDomains."""

    domains: tuple[DomainName, ...]


class Domain(Shape):
    """Answer of DescribeDomain; what is absent is as open as AWS makes it."""

    domain_id: str
    app_network_access_type: str = "PublicInternetOnly"
    vpc_id: str = ""
    kms_key_id: str = ""


class EndpointName(Shape):
    """One endpoint in a list."""

    endpoint_name: str


class Endpoints(Shape):
    """Answer of ListEndpoints."""

    endpoints: tuple[EndpointName, ...]


class Endpoint(Shape):
    """Answer of DescribeEndpoint."""

    endpoint_name: str
    endpoint_config_name: str


class Pool(Shape):
    """Machines that a variant may use instead, with a model of their own."""

    instance_type: str = ""
    model_name_override: str = ""


class Variant(Shape):
    """One model behind an endpoint; without a model's name, containers come as inference components."""

    model_name: str = ""
    instance_type: str = ""
    instance_pools: tuple[Pool, ...] = ()
    core_dump_config: Output | None = None


class AsyncOutput(Uri):
    """Where an endpoint puts answers that nobody waits for."""

    s3_failure_path: Place = ""


class AsyncInference(Shape):
    """What is said of such answers."""

    output_config: AsyncOutput


class EndpointConfig(Shape):
    """Answer of DescribeEndpointConfig."""

    endpoint_config_name: str
    production_variants: tuple[Variant, ...]
    shadow_production_variants: tuple[Variant, ...] = ()
    kms_key_id: str = ""
    data_capture_config: Output | None = None
    async_inference_config: AsyncInference | None = None
    vpc_config: VpcConfig = VpcConfig()
    enable_network_isolation: bool = False


class ModelPackageGroup(Shape):
    """One group of the registry in a list."""

    model_package_group_name: str


class ModelPackageGroups(Shape):
    """Answer of ListModelPackageGroups."""

    model_package_group_summary_list: tuple[ModelPackageGroup, ...]


class SharingPolicy(Shape):
    """Answer of GetModelPackageGroupPolicy."""

    resource_policy: str


def _operation(name: str, shape: type[Any], **more: Any) -> Operation[Any]:
    words = "".join(word.capitalize() for word in name.split("_"))
    return Operation(service="sagemaker", name=name, shape=shape, action=f"sagemaker:{words}", **more)


LIST_TRAINING_JOBS: Operation[TrainingJobs] = _operation("list_training_jobs", TrainingJobs)
LIST_PROCESSING_JOBS: Operation[ProcessingJobs] = _operation("list_processing_jobs", ProcessingJobs)
LIST_TRANSFORM_JOBS: Operation[TransformJobs] = _operation("list_transform_jobs", TransformJobs)
LIST_NOTEBOOK_INSTANCES: Operation[Notebooks] = _operation("list_notebook_instances", Notebooks)
LIST_DOMAINS: Operation[Domains] = _operation("list_domains", Domains)
LIST_ENDPOINTS: Operation[Endpoints] = _operation("list_endpoints", Endpoints)
LIST_MODEL_PACKAGE_GROUPS: Operation[ModelPackageGroups] = _operation("list_model_package_groups", ModelPackageGroups)

DESCRIBE_TRAINING_JOB: Operation[Training] = _operation("describe_training_job", Training, keep=kept(Training))
DESCRIBE_PROCESSING_JOB: Operation[Processing] = _operation(
    "describe_processing_job", Processing, keep=kept(Processing)
)
DESCRIBE_TRANSFORM_JOB: Operation[Transform] = _operation("describe_transform_job", Transform, keep=kept(Transform))
DESCRIBE_MODEL: Operation[Model] = _operation("describe_model", Model, keep=kept(Model))
DESCRIBE_NOTEBOOK_INSTANCE: Operation[Notebook] = _operation("describe_notebook_instance", Notebook)
DESCRIBE_DOMAIN: Operation[Domain] = _operation("describe_domain", Domain)
DESCRIBE_ENDPOINT: Operation[Endpoint] = _operation("describe_endpoint", Endpoint)
DESCRIBE_ENDPOINT_CONFIG: Operation[EndpointConfig] = _operation("describe_endpoint_config", EndpointConfig)
# SageMaker has no code of its own for a group without a policy; the group itself was listed, hence it exists.
GET_MODEL_PACKAGE_GROUP_POLICY: Operation[SharingPolicy] = _operation(
    "get_model_package_group_policy", SharingPolicy, absent=("ValidationException",)
)
