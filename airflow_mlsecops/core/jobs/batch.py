"""Jobs of AWS Batch, the definitions they are made from, and the machines of their queue.

https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html and …/API_RegisterJobDefinition.html. Neither
says which data containers read and write; networks are a matter of the compute environment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airflow_mlsecops.core.aws import CamelShape
from airflow_mlsecops.core.job import Container, JobFacts
from airflow_mlsecops.core.jobs.ecs import NO_DATA_SAID, ContainerDefinition, Volume, namespaces
from airflow_mlsecops.core.jobs.kubernetes import PodSpec
from airflow_mlsecops.core.jobs.parts import JINJA, Arguments, Flag, Values, container, facts
from airflow_mlsecops.core.jobs.together import completed, together

BATCH = "batch job"
DEFINITION = "batch:job_definition:"
QUEUE = "batch:job_queue:"


class Override(CamelShape):
    """What a job gives to a container of its definition."""

    name: str = ""
    image: str = ""
    environment: Values = {}
    env: Values = {}
    command: Arguments = ()
    args: Arguments = ()

    def read(self, parameters: Mapping[str, str]) -> Container:
        """What of it matters.

        :param parameters: what the job puts in the place of ``Ref::name``
        """
        started = (self.command, self.args)
        return container(self.name, self.image, self.environment, self.env, parameters, arguments=started)


class EcsTaskOverride(CamelShape):
    """Overrides of one task of ECS."""

    containers: tuple[Override, ...] = ()


class EcsOverride(CamelShape):
    """Overrides of tasks of ECS."""

    task_properties: tuple[EcsTaskOverride, ...] = ()


class PodOverride(CamelShape):
    """Overrides of a pod."""

    containers: tuple[Override, ...] = ()
    init_containers: tuple[Override, ...] = ()


class EksOverride(CamelShape):
    """Overrides of a job on Kubernetes."""

    pod_properties: PodOverride = PodOverride()


class AllOverrides(CamelShape):
    """Overrides of one node, or of a job of one node."""

    container_overrides: Override | None = None
    ecs_properties_override: EcsOverride = EcsOverride()
    eks_properties_override: EksOverride = EksOverride()

    @property
    def overrides(self) -> Iterator[Override]:
        """Each container's."""
        if self.container_overrides:
            yield self.container_overrides
        for task in self.ecs_properties_override.task_properties:
            yield from task.containers
        pod = self.eks_properties_override.pod_properties
        yield from (*pod.containers, *pod.init_containers)


class NodeOverrides(CamelShape):
    """Overrides of several nodes."""

    node_property_overrides: tuple[AllOverrides, ...] = ()


class SubmitJob(AllOverrides):
    """SubmitJob."""

    job_name: str
    job_queue: str
    job_definition: str
    parameters: Values = {}
    node_overrides: NodeOverrides = NodeOverrides()

    def facts(self) -> JobFacts:
        """What its isolation depends on, as far as the call says so itself."""
        nodes = (one for node in self.node_overrides.node_property_overrides for one in node.overrides)
        given = [*self.overrides, *nodes] or [Override()]
        refers = ((DEFINITION, self.job_definition), (QUEUE, self.job_queue))
        return facts(
            BATCH,
            name=self.job_name,
            containers=tuple(one.read(self.parameters) for one in given),
            refers=tuple(prefix + name for prefix, name in refers if name != JINJA),
            unread=(*NO_DATA_SAID, *self._unread()),
        )

    def _unread(self) -> Iterator[str]:
        if self.job_definition == JINJA:
            yield from ("host", "images", "secrets", "roles", "public_address")
        if self.job_queue == JINJA:
            yield from ("subnets", "security_groups")


class Network(CamelShape):
    """Networks of jobs on Fargate."""

    assign_public_ip: str = "DISABLED"


class ContainerProperties(ContainerDefinition):
    """The container of a job."""

    job_role_arn: str = ""
    volumes: tuple[Volume, ...] = ()
    network_configuration: Network = Network()

    def facts(self) -> JobFacts:
        """What its isolation depends on."""
        paths = ("host path",) if any(volume.reaches_host for volume in self.volumes) else ()
        return facts(
            BATCH, containers=(self.read(),), host=(*paths, *self.host), roles=_roles(self.job_role_arn),
            public_address=_public(self.network_configuration), unread=self.unread,
        )  # fmt: skip


class EcsTask(CamelShape):
    """A task of ECS that a job runs."""

    containers: tuple[ContainerDefinition, ...] = ()
    task_role_arn: str = ""
    network_mode: str = ""
    pid_mode: str = ""
    ipc_mode: str = ""
    volumes: tuple[Volume, ...] = ()
    network_configuration: Network = Network()

    def facts(self) -> JobFacts:
        """What its isolation depends on."""
        paths = ("host path",) if any(volume.reaches_host for volume in self.volumes) else ()
        spaces = namespaces(network=self.network_mode, pid=self.pid_mode, ipc=self.ipc_mode)
        return facts(
            BATCH, containers=tuple(one.read() for one in self.containers), roles=_roles(self.task_role_arn),
            host=(*paths, *spaces, *(way for one in self.containers for way in one.host)),
            public_address=_public(self.network_configuration),
            unread=(part for one in self.containers for part in one.unread),
        )  # fmt: skip


class EcsProperties(CamelShape):
    """Tasks of ECS that a job runs."""

    task_properties: tuple[EcsTask, ...] = ()


class BatchPod(PodSpec):
    """A pod that Batch makes: unlike Kubernetes, it lets pods into the machine's network unless told otherwise.

    https://docs.aws.amazon.com/batch/latest/APIReference/API_EksPodProperties.html
    """

    host_network: Flag = True


class EksProperties(CamelShape):
    """The pod of a job on Kubernetes."""

    pod_properties: BatchPod


class NodeProperties(CamelShape):
    """What a node runs, in one of three forms."""

    container_properties: ContainerProperties | None = None
    container: ContainerProperties | None = None
    ecs_properties: EcsProperties | None = None
    eks_properties: EksProperties | None = None

    @property
    def jobs(self) -> Iterator[JobFacts]:
        """What each of them depends on."""
        yield from (one.facts() for one in (self.container_properties, self.container) if one)
        if self.ecs_properties:
            yield from (task.facts() for task in self.ecs_properties.task_properties)
        if self.eks_properties:
            yield self.eks_properties.pod_properties.facts()


class NodeRanges(CamelShape):
    """Nodes of a job that runs on several."""

    node_range_properties: tuple[NodeProperties, ...] = ()


class JobDefinition(NodeProperties):
    """RegisterJobDefinition, and one of those that DescribeJobDefinitions answers."""

    job_definition_name: str
    revision: int = 0
    parameters: Values = {}
    platform_capabilities: tuple[str, ...] = ()
    node_properties: NodeRanges = NodeRanges()

    def facts(self) -> JobFacts:
        """What its isolation depends on; networks are a matter of the queue."""
        nodes = [job for node in self.node_properties.node_range_properties for job in node.jobs]
        found = [*self.jobs, *nodes]
        own = facts(
            BATCH, name=self.job_definition_name, containers=(container("", "", self.parameters),),
            unread=(*NO_DATA_SAID, *(() if found else ("host", "images")), *self._unread()),
        )  # fmt: skip
        return completed(own, together(BATCH, found)) if found else own

    def _unread(self) -> Iterator[str]:
        # On machines of EC2 their subnet or launch template decides: Fargate alone is told by the job.
        if "FARGATE" not in self.platform_capabilities:
            yield "public_address"


def _roles(role: str) -> tuple[str, ...]:
    return (role,) if role else ()


def _public(network: Network) -> bool:
    return network.assign_public_ip != "DISABLED"
