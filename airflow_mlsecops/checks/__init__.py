"""One file for each control, proven by one table in ``tests/checks/``; a leading ``_`` marks what is no control."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from airflow_mlsecops.core.check import Check


@cache
def all_checks() -> Mapping[str, Check]:
    """Every check of this package by its id, in id order."""
    modules = (info for info in pkgutil.iter_modules(__path__) if not info.ispkg)
    names = sorted(info.name for info in modules if not info.name.startswith("_"))
    found = (importlib.import_module(f"{__name__}.{name}").CHECK for name in names)
    return MappingProxyType({check.id: check for check in sorted(found, key=lambda check: check.id)})
