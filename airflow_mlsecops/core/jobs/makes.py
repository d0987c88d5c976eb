"""What a job makes, as far as it says so itself: places, and names of what AWS keeps; never a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from airflow_mlsecops.core.jobs import read
from airflow_mlsecops.core.jobs.parts import JINJA, plain
from airflow_mlsecops.core.unseen import NotObserved

GROUP, MODEL = "sagemaker://model-package-group/", "sagemaker://model/"


def makes(job: Mapping[str, Any]) -> tuple[str, ...]:
    """URIs of what a job writes; none where it is of no kind that is known, or does not say.

    :param job: the very arguments of the call that submits it
    """
    try:
        said = plain(job)
    except ValueError:
        return ()
    return tuple(dict.fromkeys((*_written(job), *_named(said))))


def _written(job: Mapping[str, Any]) -> Iterator[str]:
    facts = read(job)
    if isinstance(facts, NotObserved):
        return
    of_job = _output_path(plain(job)) if facts.kind == "sagemaker training" and facts.name else ""
    # SageMaker puts what a training job makes under the job's name; where that is taken, Airflow writes more behind it.
    yield from (f"{place.rstrip('/')}/{facts.name}" if place == of_job else place for place in facts.outputs)


def _output_path(said: Mapping[str, Any]) -> str:
    job = said.get("Training", said)
    config = job.get("OutputDataConfig") if isinstance(job, Mapping) else None
    return _text(config, "S3OutputPath")


def _named(said: Mapping[str, Any]) -> Iterator[str]:
    for part in (said, said.get("Model")):
        group, model = _text(part, "ModelPackageGroupName"), _text(part, "ModelName")
        if group:
            yield f"{GROUP}{group}"
        if model and isinstance(part, Mapping) and part.keys() & {"PrimaryContainer", "Containers"}:
            yield f"{MODEL}{model}"
    if place := _text(said, "OutputS3Uri"):
        yield place


def _text(said: Any, name: str) -> str:
    value = said.get(name, "") if isinstance(said, Mapping) else ""
    return value if isinstance(value, str) and value != JINJA else ""
