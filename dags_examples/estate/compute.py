"""The image that is trained in: its tags cannot be moved, and whoever uses it names it by its digest."""

from __future__ import annotations

import json

from dags_examples.estate.names import ACCOUNT, REGION, REPOSITORY, Clients

_KIND = "application/vnd.docker.distribution.manifest.v2+json"


def image(clients: Clients, key_arn: str, repository: str = REPOSITORY) -> str:
    """A repository, and one image in it."""
    ecr = clients("ecr")
    ecr.create_repository(
        repositoryName=repository,
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key_arn},
    )
    config = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 2, "digest": "sha256:" + "b" * 64}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": _KIND, "config": config, "layers": []})
    made = ecr.put_image(repositoryName=repository, imageTag="1.0.0", imageManifest=manifest)
    digest = made["image"]["imageId"]["imageDigest"]
    return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{repository}@{digest}"
