"""Transformations by their names."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import ValidationError

from airflow_mlsecops import sanitize
from airflow_mlsecops.core.treatment import Rule
from airflow_mlsecops.sanitize._transformation import Transformation


@cache
def all_transformations() -> Mapping[str, type[Transformation]]:
    """Every transformation of this package by its name, in name order."""
    names = sorted(info.name for info in pkgutil.iter_modules(sanitize.__path__) if not info.name.startswith("_"))
    return MappingProxyType(
        {name: importlib.import_module(f"{sanitize.__name__}.{name}").TRANSFORMATION for name in names}
    )


def transformation_of(rule: Rule) -> Transformation:
    """The transformation that a rule asks for.

    :raises ValueError: if there is none of that name, or its parameters are not what it takes; with one sentence
    """
    known = all_transformations()
    if rule.transformation not in known:
        raise ValueError(f"there is no transformation {rule.transformation}, there are {', '.join(known)}")
    try:
        return known[rule.transformation](**rule.parameters)
    except ValidationError as error:
        wrong = "; ".join(_said(one["loc"], one["msg"]) for one in error.errors(include_input=False))
    raise ValueError(f"{rule.transformation} takes other parameters: {wrong}")


def _said(place: tuple[int | str, ...], message: str) -> str:
    own = message.removeprefix("Value error, ")
    return ": ".join([*map(str, place), own if own != message else message[:1].lower() + message[1:]])
