"""One file for each kind of sensitive data, with one table of examples in ``tests/detectors/``.

A pattern takes the *widest* run of characters that could hold the entity, and ``validate`` looks inside it. Patterns
have no look-around, so a narrow one would swallow neighbours: ``12345 4111 1111 1111 1111`` would be matched from its
first digit and refused as a whole, with the card inside it unseen.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from airflow_mlsecops import __version__
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity

_KNOWLEDGE = ("phonenumbers", "python-stdnum")


@cache
def all_detectors() -> tuple[Detector, ...]:
    """Every detector of this package, in module-name order."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))
    return tuple(replace(importlib.import_module(f"{__name__}.{name}").DETECTOR, name=name) for name in names)


@cache
def entities() -> Mapping[str, Entity]:
    """Every entity that a detector of this package recognises, by name."""
    return {detector.entity.name: detector.entity for detector in all_detectors()}


def ruleset(detectors: Iterable[Detector]) -> str:
    """Digest of everything that decides what these detectors find, whatever their order."""
    digests = [*_shared(), *sorted(_digest(detector) for detector in detectors)]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


@cache
def _shared() -> tuple[str, ...]:
    """What every detector may lean on: this package's version, its shared modules, and the releases it knows from."""
    releases = (f"{name} {version(name)}" for name in _KNOWLEDGE)
    files = sorted(
        path for path in Path(__file__).parent.rglob("*") if path.name.startswith("_") or path.suffix == ".gz"
    )
    digests = (hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.suffix in (".py", ".gz"))
    return (__version__, *releases, *digests)


@cache
def _digest(detector: Detector) -> str:
    parts = [_said(getattr(detector, field.name)) for field in fields(detector)]
    own = sys.modules.get(f"{__name__}.{detector.name}") if detector.name else None
    parts.append(_source(own) if own else "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _said(value: object) -> str:
    """A value; of a function its whole module, since tables and neighbours there decide as much as itself."""
    if not callable(value):
        return repr(value)
    module = inspect.getmodule(value)
    if module is None or not module.__name__.startswith("airflow_mlsecops."):
        return f"{value.__module__}.{getattr(value, '__qualname__', type(value).__qualname__)}"
    # An object that can be called is told by its repr, which holds what it decides by.
    return f"{getattr(value, '__qualname__', repr(value))} in {_source(module)}"


@cache
def _source(module: ModuleType) -> str:
    return inspect.getsource(module)
