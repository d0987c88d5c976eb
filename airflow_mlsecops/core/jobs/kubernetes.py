"""Pods of Kubernetes: manifests, specifications, and the arguments of Airflow's KubernetesPodOperator.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/. Names may be written as Kubernetes does
(``hostNetwork``) or as its Python client does (``host_network``). No manifest says in which network a pod runs and what
it reads and writes; how far it is kept from its machine it does say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import AliasChoices, Field

from airflow_mlsecops.core.aws import CamelShape
from airflow_mlsecops.core.job import Container, JobFacts
from airflow_mlsecops.core.jobs.parts import JINJA, Arguments, Count, Flag, Values, container, facts, worst
from airflow_mlsecops.core.jobs.together import together

POD = "kubernetes pod"
_NO_DATA_SAID = ("inputs", "outputs")
_ALL = ("host", "images", "secrets")
# What these hold is named by people, not by Kubernetes.
_NAMED_BY_PEOPLE = frozenset({"labels", "annotations", "node_selector", "nodeSelector", "env_vars"})
_SNAKE = re.compile(r"_([a-z0-9])")


class Capabilities(CamelShape):
    """Powers of the kernel."""

    add: tuple[str, ...] = ()


class Profile(CamelShape):
    """Which system calls a container may make."""

    type: str = ""


class Windows(CamelShape):
    """What is said of containers of Windows."""

    host_process: Flag = False


class Security(CamelShape):
    """Security context of a pod or of a container."""

    privileged: Flag = False
    run_as_user: Count | None = None
    run_as_non_root: Flag | None = None
    capabilities: Capabilities = Capabilities()
    proc_mount: str = "Default"
    seccomp_profile: Profile = Profile()
    windows_options: Windows = Windows()

    def root(self, pod: Security) -> bool | None:
        """Whether it runs as root; ``None`` where the image decides, or nobody knows.

        :param pod: which decides what is not said here
        """
        user = pod.run_as_user if self.run_as_user is None else self.run_as_user
        if isinstance(user, int):
            return user == 0
        non_root = pod.run_as_non_root if self.run_as_non_root is None else self.run_as_non_root
        return False if non_root is True else None

    @property
    def host(self) -> Iterator[str]:
        """Ways in which it reaches into its machine: https://kubernetes.io/docs/concepts/security/pod-security-standards/."""
        yield from (f"capability {added}" for added in self.capabilities.add)
        if self.proc_mount != "Default":
            yield JINJA if self.proc_mount == JINJA else "unmasked /proc"
        if self.seccomp_profile.type == "Unconfined":
            yield "seccomp unconfined"
        if self.windows_options.host_process:
            yield "host process"


class PodContainer(CamelShape):
    """One container of a pod."""

    name: str = ""
    image: str = ""
    command: Arguments = ()
    args: Arguments = ()
    env: Values = {}
    security_context: Security = Security()

    def read(self, pod: Security) -> Container:
        """What of it matters; what it does not say, the pod says."""
        security = self.security_context
        return container(
            self.name, self.image, self.env, arguments=(self.command, self.args),
            privileged=security.privileged is True, root=security.root(pod),
        )  # fmt: skip

    @property
    def unread(self) -> bool:
        """True if something of what it may do still holds Jinja."""
        security = self.security_context
        return JINJA in (security.privileged, security.run_as_user, security.run_as_non_root)


class Volume(CamelShape):
    """A volume of a pod."""

    host_path: Mapping[str, Any] | None = None


class PodSpec(CamelShape):
    """Specification of a pod."""

    containers: tuple[PodContainer, ...] = Field(min_length=1)
    init_containers: tuple[PodContainer, ...] = ()
    volumes: tuple[Volume, ...] = ()
    host_network: Flag = False
    host_pid: Flag = Field(default=False, validation_alias=AliasChoices("hostPID", "hostPid"))
    host_ipc: Flag = Field(default=False, validation_alias=AliasChoices("hostIPC", "hostIpc"))
    security_context: Security = Security()

    def facts(self, name: str = "") -> JobFacts:
        """What its isolation depends on."""
        found = (*self.init_containers, *self.containers)
        open_ = self.security_context.run_as_user == JINJA or any(one.unread for one in found)
        return facts(
            POD,
            name=name,
            containers=tuple(one.read(self.security_context) for one in found),
            host=tuple(dict.fromkeys(self._host())),
            unread=(*_NO_DATA_SAID, *(("host",) if open_ else ())),
        )

    def _host(self) -> Iterator[str]:
        spaces = {"host network": self.host_network, "host pid": self.host_pid, "host ipc": self.host_ipc}
        yield from (JINJA if shared == JINJA else space for space, shared in spaces.items() if shared)
        if any(volume.host_path is not None for volume in self.volumes):
            yield "host path"
        contexts = (one.security_context for one in (*self.init_containers, *self.containers))
        for security in (self.security_context, *contexts):
            yield from security.host


_BARE = PodSpec(containers=(PodContainer(name="base"),))


class Metadata(CamelShape):
    """What a pod is called."""

    name: str = ""


class Manifest(CamelShape):
    """A pod as ``kubectl apply`` takes it."""

    kind: Literal["Pod"] = "Pod"
    metadata: Metadata = Metadata()
    spec: PodSpec

    def facts(self) -> JobFacts:
        """What its isolation depends on."""
        return self.spec.facts(self.metadata.name)


class PodOperator(CamelShape):
    """What a KubernetesPodOperator is given; a template is what the rest is laid over.

    A file, a custom resource or a sidecar of Airflow's own is not seen from here: what it decides is unread.
    """

    name: str = ""
    image: str = ""
    cmds: Arguments = ()
    arguments: Arguments = ()
    env_vars: Values = Field(default={}, alias="env_vars")
    volumes: tuple[Volume, ...] = ()
    hostnetwork: Flag = False
    security_context: Security | None = None
    container_security_context: Security | None = None
    init_containers: tuple[PodContainer, ...] = ()
    full_pod_spec: Manifest | None = None
    pod_template_dict: Manifest | None = None
    pod_template_file: str = ""
    job_template_file: str = ""
    application_file: Any = None
    template_spec: Any = None
    do_xcom_push: Flag = False

    def facts(self) -> JobFacts:
        """What its isolation depends on."""
        bases = [base for base in (self.full_pod_spec, self.pod_template_dict) if base]
        name = self.name or next((base.metadata.name for base in bases), "")
        pods = [self._laid_over(base.spec) for base in bases] or [self._laid_over(_BARE)]
        whole = together(POD, (pod.facts() for pod in pods), "" if name == JINJA else name)
        return whole.model_copy(update={"unread": tuple(sorted({*whole.unread, *self._unread()}))})

    def _laid_over(self, base: PodSpec) -> PodSpec:
        """The pod that the operator makes: lists grow, and what is given goes before what the template says."""
        first, *others = base.containers
        mine = first.model_copy(
            update={
                "image": self.image or first.image,
                "command": self.cmds or first.command,
                "args": self.arguments or first.args,
                "env": worst((*first.env.items(), *self.env_vars.items())),
                "security_context": self.container_security_context or first.security_context,
            }
        )
        return base.model_copy(
            update={
                "containers": (mine, *others),
                "init_containers": (*base.init_containers, *self.init_containers),
                "volumes": (*base.volumes, *self.volumes),
                "host_network": self.hostnetwork or base.host_network,
                "security_context": self.security_context or base.security_context,
            }
        )

    def _unread(self) -> Iterator[str]:
        if self.pod_template_file or self.job_template_file or self.application_file or self.template_spec:
            yield from _ALL
        if self.do_xcom_push:
            yield "images"


def in_camel_case(said: Any) -> Any:
    """A pod whose fields are named as Kubernetes names them.

    :raises ValueError: if a field is there under both of its names: who reads it decides which one counts
    """
    if isinstance(said, list):
        return [in_camel_case(one) for one in said]
    if not isinstance(said, Mapping):
        return said
    read = {
        name if name == "env_vars" else _camel(name): value if name in _NAMED_BY_PEOPLE else in_camel_case(value)
        for name, value in said.items()
    }
    if len(read) < len(said):
        raise ValueError("a field has two names")
    return read


def _camel(name: str) -> str:
    return _SNAKE.sub(lambda found: found[1].upper(), name)
