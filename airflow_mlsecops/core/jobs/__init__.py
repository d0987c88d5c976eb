"""Jobs as they are submitted, each kind read by one file into what its isolation depends on.

What fits no kind, or several, is not observed: a gate that misreads a job would let it through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.jobs.batch import JobDefinition, SubmitJob
from airflow_mlsecops.core.jobs.ecs import RunTask, TaskDefinition
from airflow_mlsecops.core.jobs.kubernetes import Manifest, PodOperator, PodSpec, in_camel_case
from airflow_mlsecops.core.jobs.parts import plain
from airflow_mlsecops.core.jobs.processing import Processing
from airflow_mlsecops.core.jobs.training import Training, Tuning
from airflow_mlsecops.core.jobs.transform import Model, Transform, TransformWithModel
from airflow_mlsecops.core.unseen import NotObserved

Kind = type[
    Training | Tuning | Processing | Transform | TransformWithModel | Model
    | RunTask | TaskDefinition | SubmitJob | JobDefinition | Manifest | PodSpec | PodOperator
]  # fmt: skip

# Each kind by the fields of which a job of it has at least one, and no job of another kind has any.
_KINDS: tuple[tuple[Kind, frozenset[str]], ...] = (
    (Training, frozenset({"TrainingJobName"})),
    (Tuning, frozenset({"HyperParameterTuningJobName"})),
    (Processing, frozenset({"ProcessingJobName"})),
    (Transform, frozenset({"TransformJobName"})),
    # A transform job at the top with a model beside it fits two kinds: it runs a model that the operator names anew.
    (TransformWithModel, frozenset({"Transform", "Model"})),
    (Model, frozenset({"PrimaryContainer", "Containers"})),
    (RunTask, frozenset({"taskDefinition"})),
    (TaskDefinition, frozenset({"containerDefinitions"})),
    (SubmitJob, frozenset({"jobDefinition"})),
    (JobDefinition, frozenset({"jobDefinitionName"})),
    (Manifest, frozenset({"spec"})),
    (PodSpec, frozenset({"containers"})),
    (
        PodOperator,
        frozenset(
            {
                *("image", "fullPodSpec", "podTemplateDict", "podTemplateFile"),
                *("jobTemplateFile", "applicationFile", "templateSpec"),
            }
        ),
    ),
)
_PODS = (Manifest, PodSpec, PodOperator)


def read(job: object) -> JobFacts | NotObserved:
    """What a job's isolation depends on; *not observed* where the job is of no kind that is known.

    :param job: the very arguments of the call that submits it, as ``operators.submits.job_of`` gives them
    """
    if not isinstance(job, Mapping):
        return NotObserved(why="it is no mapping, but what a template made: pass job=job_of(task)")
    try:
        said = _unwrapped(plain(job))
        in_pods_words = in_camel_case(said)
    except ValueError:
        return NotObserved(why="it is nested too deep, or names a field twice")
    kinds = [kind for kind, fields in _KINDS if fields & (in_pods_words if kind in _PODS else said).keys()]
    if len(kinds) != 1:
        return NotObserved(why=f"it fits {len(kinds)} kinds of jobs" if kinds else "it is of no kind that is known")
    return _parsed(kinds[0], in_pods_words if kinds[0] in _PODS else said)


def _parsed(kind: Kind, said: Mapping[str, Any]) -> JobFacts | NotObserved:
    try:
        return kind.model_validate(said).facts()
    except ValidationError:
        return NotObserved(why=f"it has not the form of a {kind.__name__}")


def _unwrapped(said: Any) -> Any:
    """The job in ``{"Processing": …}`` and ``{"Training": …}``, as Airflow's operators hand it on."""
    wrapped = said.get("Processing", said.get("Training")) if len(said) == 1 else None
    return wrapped if isinstance(wrapped, Mapping) else said
