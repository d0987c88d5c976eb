"""Every image that a job runs is pinned by its digest and comes from a repository that the policy names.

A tag may be moved to another image between review and run; a digest is the image itself. So may the name of a
definition of ECS or Batch, of which the newest revision is run; with its revision it is the definition itself. The
repository's own settings are ECR_REPOSITORY's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import fits, listed, profile
from airflow_mlsecops.checks._ecr import reference
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.jobs import batch, ecs
from airflow_mlsecops.core.unseen import NotObserved, Unseen

_REVISION = re.compile(r".*:\d+")


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name, containers = called(job), seen(job, "images")
    if not containers or not all(one.image for one in containers):
        raise Unseen("the image of a container", NotObserved(why="the job names none"))
    ours = listed(profile(demand).images, "images")
    expected = "@sha256:… of " + " or ".join(sorted(ours))
    images = sorted({one.image for one in containers})
    troubles = [f"{image} ({trouble})" for image in images if (trouble := _trouble(image, ours))]
    if troubles:
        reason = f"{len(troubles):,} of {len(images):,} images are not pinned, or of a repository that is not ours"
        return failed(name, reason, expected=expected, got=", ".join(troubles))
    if moving := _without_revision(job):
        reason = "the definition that it is run from is named without its revision"
        return failed(name, reason, expected="NAME:REVISION", got=", ".join(moving))
    return passed(name, "its images are pinned and ours", expected=expected, got=", ".join(images))


def _without_revision(job: JobFacts) -> list[str]:
    named = [
        one.removeprefix(kind) for one in job.refers for kind in (ecs.REFERS, batch.DEFINITION) if one.startswith(kind)
    ]
    return [name for name in named if not _REVISION.fullmatch(name)]


def _trouble(image: str, ours: Iterable[str]) -> str:
    named = reference(image)
    if not fits(named.repository, ours):
        return "not a repository of ours"
    return "" if named.digest else "not pinned by a digest"


CHECK = Check(
    id="JOB_IMAGE",
    question="Is every image of a job pinned by its digest, and of a repository of this environment?",
    why="whoever can move a tag, or own a repository, runs code of his own on the training data",
    remedy=(
        "name the image by its digest: `aws ecr describe-images --repository-name REPOSITORY --image-ids imageTag=TAG "
        "--query 'imageDetails[0].imageDigest'`, then REPOSITORY@sha256:…; name a definition by its revision, NAME:7"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SI-7", "ISO 27001 A.8.28", "SOC 2 CC8.1", "MITRE ATLAS AML.T0010"),
    ask=of_each_job(_ask),
    reads=JOB_READS,
)
