"""Models of other projects that read sentences for the gates: ``detectors/*.yaml`` with ``model`` in it.

spaCy is the one interface to them: Presidio reads names of persons with spaCy's pipelines, and GLiNER, transformers and
word lists come as components of one. None is a dependency, none is on unless a policy folder says so, and where one is
asked for and not there, nothing passes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

from pydantic import Field

from airflow_mlsecops.core.detector import Detector, Span, spelling
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.policy.mistakes import nearest, quoted
from airflow_mlsecops.policy.shape import Step

# The first of a long text; a pipeline takes a megabyte for each hundred thousand characters.
_LONGEST = 4_000

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,99}$")]


class RecogniserFile(Frozen):
    """One file of ``detectors/`` that has a spaCy pipeline read sentences, where word lists know too few names.

    It reads a sample of at most 200 values of each column of sentences. What it tells counts as what word lists tell:
    in so many of the sentences that it is no accident.

    :param model: installed package of the pipeline, as ``spacy.load`` takes it; its code runs in the gate's task
    :param labels: the entity of this product that each label of the pipeline stands for
    """

    model: Name
    labels: Mapping[str, str] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads sentences with a pipeline; its repr is a part of the ruleset."""

    model: str
    labels: tuple[str, ...]

    def __call__(self, text: str) -> Iterator[Span]:
        """Every place in a text that the pipeline gives one of the labels.

        :raises MlsecopsError: ``RECOGNISER_UNAVAILABLE`` if there is no such pipeline
        """
        for one in _pipeline(self.model)(text[:_LONGEST]).ents:
            if one.label_ in self.labels:
                yield one.start_char, one.end_char, spelling(one.text)


def recognisers_of(said: RecogniserFile, file: str, entities: Mapping[str, Entity]) -> tuple[Detector, ...]:
    """One detector for each entity that a file without mistakes names."""
    labels: dict[str, list[str]] = defaultdict(list)
    for label, entity in said.labels.items():
        labels[entity].append(label)
    # Versions, so that a record tells which one read.
    name = f"{file}, spaCy {_version('spacy')}, {said.model} {_version(said.model)}"
    return tuple(
        Detector(entity=entities[entity], name=name, prose=Reader(said.model, tuple(sorted(labels[entity]))))
        for entity in sorted(labels)
    )


def unknown_entities(said: RecogniserFile, entities: Mapping[str, Entity]) -> Iterator[tuple[tuple[Step, ...], str]]:
    """What is wrong with a file, and where it stands."""
    for label, entity in said.labels.items():
        if entity not in entities:
            yield ("labels", label), f"{quoted(entity)} is no entity{nearest(entity, entities)}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


@cache
def _pipeline(model: str) -> Any:
    try:
        import spacy

        return spacy.load(model)
    except (ImportError, OSError, ValueError, AttributeError) as error:
        raise MlsecopsError(
            f"the policy has sentences read by {model}, which could not be loaded ({type(error).__name__}): install "
            f"airflow-mlsecops[spacy] and {model} where the gates run, or take its file out of detectors/",
            code="RECOGNISER_UNAVAILABLE",
        ) from None
