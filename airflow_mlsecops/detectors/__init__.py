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
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.detectors import _runs


@cache
def all_detectors() -> tuple[Detector, ...]:
    """Every detector of this package, in module-name order."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))
    return tuple(importlib.import_module(f"{__name__}.{name}").DETECTOR for name in names)


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
    """What every validator may lean on: the runs' source, and the releases that hold numbering plans."""
    releases = (f"{name} {version(name)}" for name in ("phonenumbers", "python-stdnum"))
    return (inspect.getsource(_runs), *releases)


@cache
def _digest(detector: Detector) -> str:
    parts = (
        detector.entity.name,
        repr(detector.pattern),
        repr(detector.named_pattern),
        repr(detector.sure),
        repr(detector.names),
        repr(detector.not_names),
        repr(detector.checked),
        _source(detector),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _source(detector: Detector) -> str:
    """The whole module that validates, since its tables and neighbours decide as much as the function itself."""
    module = inspect.getmodule(detector.validate)
    try:
        return inspect.getsource(module or detector.validate)
    except OSError:
        return f"{detector.validate.__module__}.{detector.validate.__qualname__}"
