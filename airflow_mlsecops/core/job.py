"""The job that the next task submits, read into what its isolation depends on; no value of its environment is kept."""

from __future__ import annotations

from typing import Any

from airflow_mlsecops.core.frozen import Frozen


class Container(Frozen):
    """One container of a job.

    :param name: of the container, as the job names it
    :param image: as the job names it, tag or digest included
    :param secrets: names of environment variables, arguments or parameters whose value looks like a secret
    :param privileged: whether it may do to its host what it wants
    :param root: whether it runs as root; ``None``: nothing says so
    """

    name: str = ""
    image: str = ""
    secrets: tuple[str, ...] = ()
    privileged: bool = False
    root: bool | None = None


class Key(Frozen):
    """One place that a job writes to at rest, and the key it is encrypted with.

    :param use: what is written there (``volume``, ``output``…)
    :param key: id or ARN of a KMS key; empty: none
    """

    use: str
    key: str = ""


class JobFacts(Frozen):
    """One job. ``None`` means that jobs of this kind have no such thing, so that the question does not arise.

    :param kind: ``sagemaker training``, ``sagemaker processing``, ``sagemaker transform``, ``sagemaker tuning``,
        ``sagemaker model``, ``ecs task``, ``batch job``, ``kubernetes pod``
    :param name: of the job; empty if AWS or Airflow makes one
    :param subnets: that its containers are attached to; empty: it is in no network of ours
    :param security_groups: of the same
    :param network_isolation: whether its containers can reach no network at all
    :param traffic_encryption: whether traffic between its containers is encrypted
    :param instances: how many machines it runs on
    :param public_address: whether its machines get a public address
    :param host: ways in which it reaches into its host: ``host network``, ``host path``…
    :param inputs: URIs that it reads; ``weights``: URIs of models that it loads; ``outputs``: URIs that it writes
    :param keys: what it is encrypted with at rest
    :param roles: ARNs or names of the roles it runs as
    :param containers: its containers
    :param refers: calls by which the rest of it is known, as ``service:kind:name`` (a task definition, a model)
    :param unread: parts of it that could not be read; whatever depends on them is not observed
    """

    kind: str
    name: str = ""
    subnets: tuple[str, ...] | None = None
    security_groups: tuple[str, ...] | None = None
    network_isolation: bool | None = None
    traffic_encryption: bool | None = None
    instances: int | None = None
    public_address: bool | None = None
    host: tuple[str, ...] | None = None
    inputs: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    roles: tuple[str, ...] = ()
    containers: tuple[Container, ...] = ()
    refers: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def in_aws(self) -> bool:
        """True for jobs that AWS runs."""
        return not self.kind.startswith("kubernetes")


Job = dict[str, Any]
