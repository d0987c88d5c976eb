"""Column names that are themselves data, as when the first row of a file without header was taken for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Role
from airflow_mlsecops.scan.naming import names_of
from airflow_mlsecops.scan.nested import ANY_KEY
from airflow_mlsecops.scan.search import proven
from airflow_mlsecops.scan.view import View, views_of

_LONG_NUMBER = re.compile(r"[0-9]{7,}")
_STEP = re.compile(r"(\[\]|\.)")


def shown(names: Sequence[str], detectors: tuple[Detector, ...]) -> tuple[str, ...]:
    """The names as they may be shown: all by position, counted from 1, if a detector finds something in any of them.

    Where one name is a value its neighbours are cells of the same row, though no detector knows what they say.
    """
    if hold_data(tuple(names), detectors):
        return tuple(f"column[{position}]" for position in range(1, len(names) + 1))
    return tuple(names)


def shown_path(name: str, column: str, view: View, detectors: tuple[Detector, ...]) -> str:
    """The path of a leaf as it may be shown: below the column's shown name, without fields and keys that are data."""
    inner = view.path[len(column) :]
    if not inner:
        return name
    for field in view.fields:
        # As a whole first: an e-mail address has dots, and none of its parts is one.
        inner = inner.replace(f".{field}", f".{ANY_KEY}") if _is_data(field, detectors) else inner
    steps = _STEP.split(inner)
    return name + "".join(ANY_KEY if step and _is_data(step, detectors) else step for step in steps)


@lru_cache(maxsize=4096)
def _is_data(step: str, detectors: tuple[Detector, ...]) -> bool:
    """True if a detector finds something in it, or reads it as somebody's name or address, as it does in sentences."""
    tell = (one.prose for one in detectors if one.prose and one.cell_pattern and one.entity.role is Role.DIRECT)
    return hold_data((step,), detectors) or any(True for prose in tell for _ in prose(step))


@lru_cache(maxsize=4096)
def hold_data(names: tuple[str, ...], detectors: tuple[Detector, ...]) -> bool:
    """True if a detector finds something in any of these column names, or one of them is a long number.

    Bare digits prove nothing by themselves, so no detector speaks of them; but no header is seven digits long.
    """
    import polars as pl

    if any(_LONG_NUMBER.fullmatch(name) for name in names):
        return True
    # A column without a name, so that only patterns look.
    column = pl.Series("", names, dtype=pl.String)
    found = (one for view in views_of(0, column) for one in proven(view, detectors, names_of(detectors), gather=False))
    return any(True for _ in found)
