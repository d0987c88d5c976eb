"""What the parsers of all kinds of jobs share: fields that keep no value, Jinja that is left, how jobs go together.

A job is read by models that have the form of its service's API, so that one model reads the job that is about to be
submitted and the one that AWS describes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, StrictBool, ValidationError

from airflow_mlsecops.core.aws import Shape
from airflow_mlsecops.core.job import Container, JobFacts, Key
from airflow_mlsecops.core.jobs.secret import MARK, in_arguments, looks_secret

JINJA = "{{"
_DEEPEST = 40
_CARRIED = re.compile(r"(?<=://)[^/\s]*@|[?#].*", re.DOTALL)

Flag = StrictBool | Literal["{{"]
Count = int | Literal["{{"]


class TooDeep(ValueError):
    """A job is nested deeper than any service takes."""


def plain(said: Any, depth: int = 0) -> Any:
    """A job in which every text that still holds Jinja is ``{{``: what it will be, nobody knows.

    :raises TooDeep: if it is nested deeper than any service takes
    """
    if depth > _DEEPEST:
        raise TooDeep
    if isinstance(said, Mapping):
        return {str(name): plain(value, depth + 1) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [plain(value, depth + 1) for value in said]
    # CloudFormation's {{resolve:…}} looks like Jinja, and names a secret that is kept elsewhere.
    left = said.replace("{{resolve:", "") if isinstance(said, str) else ""
    return JINJA if "{{" in left or "{%" in left else said


def kept(shape: type[Shape]) -> Callable[[Any], Any]:
    """What of an answer of AWS is kept: fields that are read, and of values only whether they look like secrets."""

    def keep(answer: Any) -> Any:
        try:
            return shape.model_validate(answer).model_dump(mode="json", by_alias=True, exclude_unset=True)
        except ValidationError:
            return {}  # no answer that can be read, and none whose values are kept

    return keep


def _blank(name: str, value: Any) -> str:
    if looks_secret(name, value):
        return MARK
    return JINJA if value == JINJA else ""


def _named(said: Any) -> Any:
    """Names, each with what is to be known of its value; ``valueFrom`` leads to a value that is kept elsewhere."""
    if isinstance(said, Mapping):
        return worst((str(name), _blank(str(name), value)) for name, value in said.items())
    if isinstance(said, list | tuple) and all(isinstance(one, Mapping) and "name" in one for one in said):
        return worst((name := str(one["name"]), _blank(name, one.get("value"))) for one in said)
    return said


def worst(marks: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name, the worst of what is to be known of its values: a later one hides no secret, it stays in the job."""
    return dict(sorted(marks, key=lambda one: ("", JINJA, MARK).index(one[1])))


def _started(said: Any) -> Any:
    if not isinstance(said, list | tuple):
        return said
    secret = in_arguments(said)
    return [MARK if place in secret else _blank("", one) for place, one in enumerate(said, 1)]


def _bare(said: Any) -> Any:
    """A place without what a web address carries along: a user's password, a signature."""
    of_the_web = isinstance(said, str) and "://" in said and not said.startswith("s3")
    return _CARRIED.sub("", said) if of_the_web else said


Place = Annotated[str, BeforeValidator(_bare)]
Values = Annotated[dict[str, str], BeforeValidator(_named)]
Arguments = Annotated[tuple[str, ...], BeforeValidator(_started)]


def container(
    name: str,
    image: str,
    *values: Mapping[str, str],
    arguments: Iterable[tuple[str, ...]] = (),
    privileged: bool = False,
    root: bool | None = None,
) -> Container:
    """One container of a job.

    :param values: what it is given by name
    :param arguments: what it is started with
    """
    numbered = [{f"argument {place}": mark for place, mark in enumerate(one, 1)} for one in arguments]
    marks = [(name, mark) for one in (*values, *numbered) for name, mark in one.items()]
    secrets = {name if mark == MARK else JINJA for name, mark in marks if mark}
    return Container(name=name, image=image, secrets=tuple(sorted(secrets)), privileged=privileged, root=root)


def facts(kind: str, *, containers: Iterable[Container] = (), unread: Iterable[str] = (), **parts: Any) -> JobFacts:
    """A job as it was read; what still holds Jinja is left out, and the part it stood in is unread.

    :param parts: further fields of the job
    """
    found = tuple(containers)
    left = {name for name, value in parts.items() if _open(value)}
    left |= {"images" for one in found if one.image == JINJA} | {"secrets" for one in found if JINJA in one.secrets}
    return JobFacts(
        kind=kind,
        containers=tuple(map(_closed_container, found)),
        unread=tuple(sorted({*unread, *left} - {"name"})),
        **{name: _closed(value) for name, value in parts.items() if value != JINJA},
    )


def _open(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(map(_open, value))
    return JINJA in (value.use, value.key) if isinstance(value, Key) else value == JINJA


def _closed(value: Any) -> Any:
    return tuple(one for one in value if not _open(one)) if isinstance(value, tuple) else value


def _closed_container(one: Container) -> Container:
    secrets = tuple(name for name in one.secrets if name != JINJA)
    names = {field: "" for field in ("name", "image") if getattr(one, field) == JINJA}
    return one.model_copy(update={"secrets": secrets, **names})
