"""Images and the repositories of ECR that they come from: the questions, and what is read of their answers."""

from __future__ import annotations

import re
from typing import NamedTuple

from airflow_mlsecops.core.aws import CamelShape, Operation

# https://docs.docker.com/reference/cli/docker/image/tag/: a tag holds no slash, so that a registry's port is none.
_IMAGE = re.compile(r"([^@\s]+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?")
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_ECR = re.compile(
    r"(\d{12})\.dkr(?:\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?|-ecr(?:-fips)?\.([a-z0-9-]+)\.on\.aws)/(.+)"
)


class Reference(NamedTuple):
    """An image as jobs name it.

    :param repository: with its registry; empty if it cannot be read
    :param tag: may be moved to another image; ``digest`` is the image itself
    """

    repository: str
    tag: str = ""
    digest: str = ""


class Place(NamedTuple):
    """One repository of ECR."""

    account: str
    region: str
    name: str


class Scanning(CamelShape):
    """Whether images are scanned as they come."""

    scan_on_push: bool = False


class Repository(CamelShape):
    """One repository; what is absent is as open as AWS makes it."""

    repository_name: str
    image_tag_mutability: str = "MUTABLE"
    image_scanning_configuration: Scanning = Scanning()


class Repositories(CamelShape):
    """Answer of DescribeRepositories."""

    repositories: tuple[Repository, ...]


class RepositoryPolicy(CamelShape):
    """Answer of GetRepositoryPolicy."""

    policy_text: str


class Image(CamelShape):
    """One image."""

    repository_name: str


class Images(CamelShape):
    """Answer of DescribeImages."""

    image_details: tuple[Image, ...]


DESCRIBE_REPOSITORIES = Operation(
    service="ecr", name="describe_repositories", shape=Repositories, action="ecr:DescribeRepositories",
    absent=("RepositoryNotFoundException",),
)  # fmt: skip
GET_REPOSITORY_POLICY = Operation(
    service="ecr", name="get_repository_policy", shape=RepositoryPolicy, action="ecr:GetRepositoryPolicy",
    absent=("RepositoryPolicyNotFoundException",),
)  # fmt: skip
DESCRIBE_IMAGES = Operation(
    service="ecr", name="describe_images", shape=Images, action="ecr:DescribeImages",
    absent=("ImageNotFoundException",),
)  # fmt: skip


def reference(image: str) -> Reference:
    """Read the name of an image."""
    found = _IMAGE.fullmatch(image)
    return Reference(found[1], found[2] or "", found[3] or "") if found else Reference("")


def place(repository: str) -> Place | None:
    """Where a repository lies in ECR; ``None`` for one that lies elsewhere."""
    found = _ECR.fullmatch(repository)
    return Place(found[1], found[2] or found[3], found[4]) if found else None
