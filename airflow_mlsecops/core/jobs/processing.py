"""Processing jobs of SageMaker.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html; DescribeProcessingJob answers in
the same form. What is read by a query of Athena or Redshift, or written to a feature store, is no place in S3.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.core.aws import Shape
from airflow_mlsecops.core.job import JobFacts, Key
from airflow_mlsecops.core.jobs.parts import Arguments, Flag, Place, Values, container, facts
from airflow_mlsecops.core.jobs.sagemaker import Cluster, S3Operations, Uri, VpcConfig, uris

PROCESSING = "sagemaker processing"


class Query(Shape):
    """Rows that a query fetches, and where they are put in between."""

    catalog: str = ""
    cluster_id: str = ""
    database: str
    output_s3_uri: Place
    kms_key_id: str = ""


class Queried(Shape):
    """An input that a query fetches."""

    athena_dataset_definition: Query | None = None
    redshift_dataset_definition: Query | None = None

    @property
    def queries(self) -> tuple[tuple[str, Query], ...]:
        """The queries, each with the scheme of what it reads."""
        both = (("athena", self.athena_dataset_definition), ("redshift", self.redshift_dataset_definition))
        return tuple((scheme, query) for scheme, query in both if query)


class Input(Shape):
    """One input."""

    s3_input: Uri | None = None
    dataset_definition: Queried | None = None

    @property
    def queries(self) -> tuple[tuple[str, Query], ...]:
        """The queries that fetch it."""
        return self.dataset_definition.queries if self.dataset_definition else ()


class FeatureGroup(Shape):
    """A group of a feature store."""

    feature_group_name: str


class Written(Shape):
    """One output."""

    s3_output: Uri | None = None
    feature_store_output: FeatureGroup | None = None


class Outputs(Shape):
    """All that is written, and its key."""

    outputs: tuple[Written, ...] = ()
    kms_key_id: str = ""


class Resources(Shape):
    """Machines of the job."""

    cluster_config: Cluster


class Application(Shape):
    """What is run."""

    image_uri: str
    container_entrypoint: Arguments = ()
    container_arguments: Arguments = ()


class Network(Shape):
    """Networks of the job; all is open where nothing is said."""

    enable_inter_container_traffic_encryption: Flag = False
    enable_network_isolation: Flag = False
    vpc_config: VpcConfig = VpcConfig()


class Processing(Shape):
    """CreateProcessingJob."""

    processing_job_name: str
    processing_inputs: tuple[Input, ...] = ()
    processing_output_config: Outputs = Outputs()
    processing_resources: Resources | None = None
    app_specification: Application
    environment: Values = {}
    network_config: Network = Network()
    role_arn: str
    s3_operations: S3Operations = S3Operations()

    def facts(self) -> JobFacts:
        """What its isolation depends on."""
        application, network = self.app_specification, self.network_config
        cluster = self.processing_resources.cluster_config if self.processing_resources else None
        started = (application.container_entrypoint, application.container_arguments)
        return facts(
            PROCESSING,
            name=self.processing_job_name,
            containers=(container("app", application.image_uri, self.environment, arguments=started),),
            subnets=network.vpc_config.subnets,
            security_groups=network.vpc_config.security_group_ids,
            network_isolation=network.enable_network_isolation,
            traffic_encryption=network.enable_inter_container_traffic_encryption,
            instances=cluster.instances if cluster else None,
            inputs=tuple(self._inputs()),
            outputs=tuple(self._outputs()),
            keys=(*(cluster.keys if cluster else ()), *self._keys()),
            roles=(self.role_arn,),
            unread=self._unread(),
        )

    def _inputs(self) -> Iterator[str]:
        for one in self.processing_inputs:
            yield from uris(one.s3_input)
            for scheme, query in one.queries:
                yield f"{scheme}://{query.catalog or query.cluster_id}/{query.database}"

    def _outputs(self) -> Iterator[str]:
        yield from (query.output_s3_uri for one in self.processing_inputs for _, query in one.queries)
        for written in self.processing_output_config.outputs:
            yield from uris(written.s3_output)
            if written.feature_store_output:
                yield f"feature-store://{written.feature_store_output.feature_group_name}"
        yield from self.s3_operations.outputs

    def _keys(self) -> Iterator[Key]:
        for one in self.processing_inputs:
            yield from (Key(use="query", key=query.kms_key_id) for _, query in one.queries)
        if any(written.s3_output for written in self.processing_output_config.outputs):
            yield Key(use="output", key=self.processing_output_config.kms_key_id)

    def _unread(self) -> Iterator[str]:
        if not all(uris(one.s3_input) or one.queries for one in self.processing_inputs):
            yield "inputs"
        written = self.processing_output_config.outputs
        if not all(uris(one.s3_output) or one.feature_store_output for one in written):
            yield "outputs"
        if self.processing_resources is None:
            yield from ("instances", "keys")
