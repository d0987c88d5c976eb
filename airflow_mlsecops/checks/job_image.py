"""Every image that a job runs is pinned by its digest and comes from a repository that the policy names.

A tag may be moved to another image between review and run; a digest is the image itself. The repository's own settings
are ECR_REPOSITORY's matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import fits, listed, profile
from airflow_mlsecops.checks._ecr import reference
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.unseen import NotObserved, Unseen


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
    return passed(name, "its images are pinned and ours", expected=expected, got=", ".join(images))


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
        "--query 'imageDetails[0].imageDigest'`, then REPOSITORY@sha256:…"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SI-7", "ISO 27001 A.8.28", "SOC 2 CC8.1", "MITRE ATLAS AML.T0010"),
    ask=of_each_job(_ask),
    reads=JOB_READS,
)
