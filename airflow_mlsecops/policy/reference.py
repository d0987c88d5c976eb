"""The reference of the policy folder in Markdown, made from the models that read it."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from airflow_mlsecops.core.allow import Allow
from airflow_mlsecops.core.environment import Environment, NotObservable
from airflow_mlsecops.core.policy import DatasetRule, Policy, StageRule, Tier, Waiver
from airflow_mlsecops.core.treatment import Rule
from airflow_mlsecops.policy.cases import AccessCase, HoldsCase
from airflow_mlsecops.policy.cedar import schema_text
from airflow_mlsecops.policy.detectors import ColumnExample, DetectorFile, Examples
from airflow_mlsecops.policy.recognisers import RecogniserFile
from airflow_mlsecops.sanitize import all_transformations

_SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("policy.yaml", Policy),
    ("Stage", StageRule),
    ("Tier", Tier),
    ("Dataset rule", DatasetRule),
    ("Environment", Environment),
    ("Unobservable check", NotObservable),
    ("Waiver", Waiver),
    ("Allow rule", Allow),
    ("Detector of your own", DetectorFile),
    ("Examples of a detector", Examples),
    ("Column example", ColumnExample),
    ("Recogniser of sentences", RecogniserFile),
    ("Case of kind holds", HoldsCase),
    ("Case of kind access", AccessCase),
)
_TITLES = {model: title.lower() for title, model in _SECTIONS}
_WORDS: dict[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    date: "date",
    datetime: "moment with its offset",
    Rule: "transformation, or `{with: NAME, parameter: value}`",
}
_PARAM = re.compile(r":param (\w+):\s*(.*?)(?=\n\s*:|\Z)", re.DOTALL)


def reference_markdown() -> str:
    """Every field of every model that a policy folder is read into: its type, default and meaning."""
    parts = ["# Policy folder", *(_section(title, model) for title, model in _SECTIONS)]
    return "\n\n".join([*parts, "## access.cedar", f"```text\n{schema_text().strip()}\n```"]) + "\n"


def transformations_markdown() -> str:
    """Every transformation with what it takes, as a rule of the policy names it."""
    head = (
        "# Transformations\n\nGenerated from `airflow_mlsecops/sanitize/`, one file each. A rule under `sanitize:` "
        "names one: `drop`, or `{with: mask, keep_last: 4}`. Of several that one column is to undergo, the strongest "
        "is done."
    )
    strongest = sorted(all_transformations().items(), key=lambda named: -named[1].strength)
    return "\n\n".join([head, *(_section(name, model) for name, model in strongest)]) + "\n"


def described(model: type[BaseModel]) -> dict[str, str]:
    """What a model's docstring says of each field."""
    return {name: _one_line(text) for name, text in _PARAM.findall(inspect.cleandoc(model.__doc__ or ""))}


def fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """The fields that a file may give; the others are filled in while reading."""
    return ((name, field) for name, field in model.model_fields.items() if name not in ("digest", "lines"))


def _section(title: str, model: type[BaseModel]) -> str:
    said = described(model)
    summary = _one_line(_PARAM.sub("", inspect.cleandoc(model.__doc__ or "")))
    rows = [
        f"| `{name}` | {_type(field.annotation)} | {_default(field)} | {said.get(name, '')} |"
        for name, field in fields(model)
    ]
    head = ["", "| field | type | default | meaning |", "|---|---|---|---|"] if rows else []
    return "\n".join([f"## {title}", "", summary, *head, *rows])


def _type(annotation: Any) -> str:
    origin, inner = get_origin(annotation), [part for part in get_args(annotation) if part is not type(None)]
    if origin is Literal:
        return " or ".join(f"`{word}`" for word in inner)
    if origin is tuple:
        return f"list of: {_type(inner[0])}"
    if origin is dict:
        return f"by name: {_type(inner[1])}"
    if origin in (Union, types.UnionType):
        return _type(inner[0])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f"`{member.value}`" for member in annotation)
    return _TITLES.get(annotation) or _WORDS.get(annotation, "text")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value in ((), {}, "", None):
        return "empty" if value is not None else "none"
    if isinstance(value, datetime):
        return f"`{value.isoformat()}`"
    return f"`{str(value).lower() if isinstance(value, bool) else getattr(value, 'value', value)}`"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("``", "`")
