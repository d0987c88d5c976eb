"""A model from what a file says, each mistake told in a sentence at its line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from airflow_mlsecops.policy.mistakes import Mistake, nearest, quoted
from airflow_mlsecops.policy.tree import Node

M = TypeVar("M", bound=BaseModel)
Step = str | int

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LIST = "expected a list: [a, b], or one item a line after a dash"
_MAPPING = "expected a mapping: one 'name: …' a line"
_SENTENCES = {
    "string_type": "expected text",
    "string_too_short": "must not be empty",
    "tuple_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "bool_parsing": "expected true or false",
    "bool_type": "expected true or false",
    "int_parsing": "expected a whole number",
    "int_type": "expected a whole number",
    "float_parsing": "expected a number",
    "float_type": "expected a number",
    "missing": "is required",
}


def shaped(file: str, root: Node, model: type[M], *, filled: Iterable[str] = ()) -> tuple[M | None, list[Mistake]]:
    """Validate a tree: the model, or at least one mistake.

    :param filled: fields that this product fills in itself, hence unknown in a file
    """
    filled = frozenset(filled)
    strangers = [
        Mistake(file, key.line, _unknown_field((name,), model, filled))
        for name, (key, _) in (root.pairs or {}).items()
        if name in filled
    ]
    try:
        read = model.model_validate(root.plain())
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)
        return None, [*strangers, *(_mistake(file, root, one, model, filled) for one in wrong)]
    spelled = [Mistake(file, line, text) for line, text in _spellings(read, root)]
    return (None, strangers + spelled) if strangers or spelled else (read, [])


def line_at(root: Node, path: Iterable[Step]) -> int:
    """The line of what a path ends at, or of the nearest that encloses it."""
    line, node = root.line, root
    for step in path:
        below = node.child(step)
        if below is None:
            break
        line = node.pairs[str(step)][0].line if node.pairs else below.line
        node = below
    return line


def dotted(path: Iterable[Step]) -> str:
    """``datasets.0.stage``, fit for a message."""
    return quoted(".".join(str(step) for step in path))[1:-1]


def _mistake(file: str, root: Node, error: Any, model: type[BaseModel], filled: frozenset[str]) -> Mistake:
    path: tuple[Step, ...] = error["loc"]
    if error["type"] == "extra_forbidden":
        return Mistake(file, line_at(root, path), _unknown_field(path, model, filled))
    where = dotted(path) if path else "the file"
    return Mistake(file, line_at(root, path), f"{where}: {_sentence(error)}")


def _unknown_field(path: tuple[Step, ...], model: type[BaseModel], filled: frozenset[str]) -> str:
    for step in path[:-1]:
        if step in model.model_fields:
            model = _inner(model.model_fields[str(step)].annotation) or model
    return f"unknown field '{dotted(path)}'{nearest(str(path[-1]), set(model.model_fields) - filled)}"


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model inside ``tuple[Model, ...]`` or ``dict[str, Model]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner(part))), None)


def _sentence(error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    if kind in ("enum", "literal_error"):
        return f"expected {context['expected']}"
    if kind == "greater_than_equal":
        return f"must be at least {context['ge']}"
    if kind == "less_than_equal":
        return f"must be at most {context['le']}"
    if kind.startswith("date"):
        return "expected a date, as 2026-12-31"
    return str(error["msg"]).removeprefix("Value error, ").lower()


def _spellings(said: Any, node: Node) -> Iterator[tuple[int, str]]:
    """What pydantic reads more generously than a reviewer would: ``until: 86400``, ``remote: n``, ``tolerate: nan``."""
    if isinstance(said, BaseModel):
        # Not dict(said): a field may be called keys, as that of a mapping's method is.
        said = {name: getattr(said, name) for name in type(said).model_fields}
    if isinstance(said, dict):
        for name, (_, below) in (node.pairs or {}).items():
            yield from _spellings(said.get(name), below)
    elif isinstance(said, tuple):
        for value, below in zip(said, node.items or (), strict=False):
            yield from _spellings(value, below)
    elif isinstance(said, bool) and node.value not in ("true", "false"):
        yield node.line, f"{quoted(node.value or '')}: expected true or false"
    elif type(said) is date and not _DATE.fullmatch(node.value or ""):
        yield node.line, f"{quoted(node.value or '')}: expected a date, as 2026-12-31"
    elif isinstance(said, float) and not math.isfinite(said):
        yield node.line, f"{quoted(node.value or '')}: expected a number"
