"""Tasks of ECS, and the definitions that they are run from.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html and …/API_RegisterTaskDefinition.html. They
do not say which data containers read and write. A task that is given no network of its own shares its machine's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from airflow_mlsecops.core.aws import CamelShape
from airflow_mlsecops.core.job import Container, JobFacts, Key
from airflow_mlsecops.core.jobs.parts import JINJA, Arguments, Flag, Values, container, facts

ECS = "ecs task"
REFERS = "ecs:task_definition:"
NO_DATA_SAID = ("inputs", "outputs")

_S3 = re.compile(r"arn:[a-z-]+:s3:::(.+)")
# What container engines take for root: also a number with a sign, and a group alone.
_ROOT = re.compile(r"(?:root|[+-]?0+)?(?::.*)?")


class EnvironmentFile(CamelShape):
    """A file in S3 that environment variables come from."""

    value: str


class HostPath(CamelShape):
    """A folder of the machine."""

    source_path: str = ""


class DockerVolume(CamelShape):
    """A volume of Docker's, which its driver may lead into the machine."""

    driver_opts: Values = {}  # mount options, which may hold a password


class Volume(CamelShape):
    """A volume that containers may mount."""

    host: HostPath | None = None
    docker_volume_configuration: DockerVolume | None = None

    @property
    def reaches_host(self) -> bool:
        """True if it is a folder of the machine; without a path, it is an empty one of the task's own."""
        docker = self.docker_volume_configuration
        return bool(self.host and self.host.source_path) or bool(docker and docker.driver_opts)


class Capabilities(CamelShape):
    """Powers of the kernel."""

    add: tuple[str, ...] = ()


class LinuxParameters(CamelShape):
    """What else a container may do."""

    capabilities: Capabilities = Capabilities()
    devices: tuple[Mapping[str, Any], ...] = ()


class ContainerDefinition(CamelShape):
    """One container, as ECS defines and as Batch takes it over."""

    name: str = ""
    image: str = ""
    environment: Values = {}
    environment_files: tuple[EnvironmentFile, ...] = ()
    command: Arguments = ()
    entry_point: Arguments = ()
    user: str = ""
    privileged: Flag = False
    linux_parameters: LinuxParameters = LinuxParameters()

    def read(self, *more: Mapping[str, str]) -> Container:
        """What of it matters.

        :param more: what else it is given by name
        """
        return container(
            self.name, self.image, self.environment, *more, arguments=(self.entry_point, self.command),
            privileged=self.privileged is True, root=runs_as_root(self.user),
        )  # fmt: skip

    @property
    def host(self) -> Iterator[str]:
        """Ways in which it reaches into its machine."""
        yield from (f"capability {name}" for name in self.linux_parameters.capabilities.add)
        if self.linux_parameters.devices:
            yield "host device"

    @property
    def unread(self) -> Iterator[str]:
        """What of it could not be read."""
        if JINJA in (self.user, self.privileged):
            yield "host"


class ContainerOverride(CamelShape):
    """What a run gives to one container of the definition."""

    name: str = ""
    environment: Values = {}
    environment_files: tuple[EnvironmentFile, ...] = ()
    command: Arguments = ()


class Overrides(CamelShape):
    """What a run changes in the definition."""

    container_overrides: tuple[ContainerOverride, ...] = ()
    task_role_arn: str = ""


class AwsVpc(CamelShape):
    """The network interface of a task."""

    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    assign_public_ip: str = ""


class Network(CamelShape):
    """Networks of a task."""

    awsvpc_configuration: AwsVpc | None = None


class ManagedVolume(CamelShape):
    """A volume of EBS that ECS makes for the task."""

    kms_key_id: str = ""


class VolumeConfiguration(CamelShape):
    """A volume that the run configures."""

    name: str = ""
    managed_ebs_volume: ManagedVolume | None = Field(default=None, alias="managedEBSVolume")


class RunTask(CamelShape):
    """RunTask: a run of a task definition."""

    task_definition: str
    launch_type: str = ""
    network_configuration: Network = Network()
    overrides: Overrides = Overrides()
    volume_configurations: tuple[VolumeConfiguration, ...] = ()

    def facts(self) -> JobFacts:
        """What its isolation depends on, as far as the run says so itself."""
        network = self.network_configuration.awsvpc_configuration or AwsVpc()
        own = self.overrides.container_overrides
        named = self.task_definition != JINJA
        return facts(
            ECS,
            name="" if not named else self.task_definition.rpartition("/")[2],
            containers=tuple(container(one.name, "", one.environment, arguments=(one.command,)) for one in own),
            subnets=network.subnets,
            security_groups=network.security_groups,
            public_address=self._public_address(),
            inputs=tuple(from_arn(file.value) for one in own for file in one.environment_files),
            keys=tuple(self._keys()),
            roles=tuple(filter(None, (self.overrides.task_role_arn,))),
            refers=(REFERS + self.task_definition,) if named else (),
            unread=(*NO_DATA_SAID, *(() if named else ("host", "images", "secrets", "roles")), *self._unread()),
        )

    def _public_address(self) -> bool:
        """On EC2 an interface gets no public address; elsewhere it gets one unless that is ruled out.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
        """
        network = self.network_configuration.awsvpc_configuration
        said = network.assign_public_ip if network else ""
        return not (said == "DISABLED" or (not said and self.launch_type == "EC2" and network is not None))

    def _unread(self) -> Iterator[str]:
        network = self.network_configuration.awsvpc_configuration
        if network is None or network.assign_public_ip == JINJA or self.launch_type == JINJA:
            yield "public_address"

    def _keys(self) -> Iterator[Key]:
        for volume in self.volume_configurations:
            if volume.managed_ebs_volume:
                yield Key(use=f"volume {volume.name}", key=volume.managed_ebs_volume.kms_key_id)


class TaskDefinition(CamelShape):
    """RegisterTaskDefinition, and what DescribeTaskDefinition answers."""

    family: str
    container_definitions: tuple[ContainerDefinition, ...]
    task_role_arn: str = ""
    network_mode: str = ""
    pid_mode: str = ""
    ipc_mode: str = ""
    volumes: tuple[Volume, ...] = ()

    def facts(self) -> JobFacts:
        """What its isolation depends on; networks are a matter of the run."""
        files = (file for one in self.container_definitions for file in one.environment_files)
        return facts(
            ECS,
            name=self.family,
            containers=tuple(one.read() for one in self.container_definitions),
            host=tuple(dict.fromkeys(self._host())),
            inputs=tuple(from_arn(file.value) for file in files),
            roles=tuple(filter(None, (self.task_role_arn,))),
            unread=(*NO_DATA_SAID, *(part for one in self.container_definitions for part in one.unread)),
        )

    def _host(self) -> Iterator[str]:
        yield from namespaces(network=self.network_mode, pid=self.pid_mode, ipc=self.ipc_mode)
        if any(volume.reaches_host for volume in self.volumes):
            yield "host path"
        for one in self.container_definitions:
            yield from one.host


def namespaces(**modes: str) -> Iterator[str]:
    """Namespaces of the machine that containers are let into, by what is said of each; Jinja goes through as it is."""
    for name, mode in modes.items():
        if mode == JINJA:
            yield JINJA
        if mode == "host":
            yield f"host {name}"


def runs_as_root(user: str) -> bool | None:
    """Whether a user is root; ``None`` where the image decides, or nobody knows."""
    return _ROOT.fullmatch(user) is not None if user and user != JINJA else None


def from_arn(place: str) -> str:
    """The URI of an object of S3 that is given by its ARN."""
    found = _S3.fullmatch(place)
    return f"s3://{found[1]}" if found else place
