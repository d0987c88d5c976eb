"""Every repository of this environment's accounts that a job's image comes from is closed, scanned and unchangeable.

Tags cannot be moved, images are scanned as they are pushed, nobody foreign is let in, and the image is there:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html. Repositories of other accounts cannot
be looked into: whether their images may be used is JOB_IMAGE's matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from airflow_mlsecops.checks._accounts import foreign, insiders
from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each, listed, profile
from airflow_mlsecops.checks._ecr import (
    DESCRIBE_IMAGES,
    DESCRIBE_REPOSITORIES,
    GET_REPOSITORY_POLICY,
    Place,
    Reference,
    place,
    reference,
)
from airflow_mlsecops.checks._jobs import JOB_READS, jobs, seen
from airflow_mlsecops.checks._statements import statements
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.unseen import NotObserved, Unseen

_EXPECTED = "IMMUTABLE, scanned on push, for accounts of this environment, with the image"


class Used(NamedTuple):
    """A repository and what of it jobs use."""

    where: Place
    images: tuple[Reference, ...]


def _repositories(facts: Facts, demand: Demand) -> tuple[Used, ...]:
    found = jobs(facts, demand)
    named = {reference(one.image) for job in found for one in seen(job, "images")}
    placed = [(where, one) for one in sorted(named) if (where := place(one.repository))]
    own = listed(profile(demand).accounts, "accounts") if placed else ()
    places = sorted({where for where, _ in placed if where.account in own})
    return tuple(Used(where, tuple(one for other, one in placed if other == where)) for where in places)


def _ask(used: Used, facts: Facts, demand: Demand) -> Answer:
    troubles = tuple(_troubles(used, facts, demand))
    if troubles:
        return failed(used.where.name, "the repository is open", expected=_EXPECTED, got="; ".join(troubles))
    return passed(used.where.name, "the repository is closed", expected=_EXPECTED)


def _troubles(used: Used, facts: Facts, demand: Demand) -> Iterator[str]:
    asked = _asked(used.where, facts)
    found = aws(facts).ask(DESCRIBE_REPOSITORIES, **asked, repositoryNames=[used.where.name])
    if found is None:
        yield "there is no such repository"
        return
    if len(found.repositories) != 1:
        raise Unseen(used.where.name, NotObserved(why=f"AWS names {len(found.repositories)} of that name"))
    (repository,) = found.repositories
    if repository.image_tag_mutability != "IMMUTABLE":
        yield f"tags are {repository.image_tag_mutability}"
    if not repository.image_scanning_configuration.scan_on_push:
        yield "images are not scanned on push"
    yield from _strangers(used.where, facts, demand)
    for image in used.images:
        which = {"imageDigest": image.digest} if image.digest else {"imageTag": image.tag or "latest"}
        if aws(facts).ask(DESCRIBE_IMAGES, **asked, repositoryName=used.where.name, imageIds=[which]) is None:
            yield f"{image.digest or image.tag or 'latest'} is not there"


def _strangers(where: Place, facts: Facts, demand: Demand) -> Iterator[str]:
    policy = aws(facts).ask(GET_REPOSITORY_POLICY, **_asked(where, facts), repositoryName=where.name)
    if policy is None:
        return
    said = statements(policy.policy_text, f"the policy of {where.name}")
    if any(one.lets_anybody_in for one in said):
        yield "anybody is let in"
    yield from (f"{stranger} is let in" for stranger in foreign(said, insiders(demand)))


def _asked(where: Place, facts: Facts) -> dict[str, Any]:
    """Whose registry is asked, and where, if that is not the connection's region."""
    there = {"region": where.region} if where.region != aws(facts).region else {}
    return {**there, "registryId": where.account}


CHECK = Check(
    id="ECR_REPOSITORY",
    question="Is every repository that a job's image comes from closed, scanned and unchangeable?",
    why="whoever can push into the repository, or move a tag in it, runs code of his own on the training data",
    remedy=(
        "`aws ecr put-image-tag-mutability --repository-name {subject} --image-tag-mutability IMMUTABLE`, "
        "`aws ecr put-image-scanning-configuration --repository-name {subject} "
        "--image-scanning-configuration scanOnPush=true`, "
        "`aws ecr delete-repository-policy --repository-name {subject}`"
    ),
    severity=Severity.HIGH,
    standards=(
        *("NIST 800-53 SI-7", "NIST 800-53 RA-5", "ISO 27001 A.8.28", "SOC 2 CC8.1"),
        *("AWS FSBP ECR.1", "AWS FSBP ECR.2", "MITRE ATLAS AML.T0010"),
    ),
    ask=each(
        _repositories,
        _ask,
        none=lambda: not_applicable("ecr", "no job's image comes from ECR in an account of this environment"),
        name=lambda used: used.where.name,
    ),
    reads=(*JOB_READS, DESCRIBE_REPOSITORIES, GET_REPOSITORY_POLICY, DESCRIBE_IMAGES),
)
