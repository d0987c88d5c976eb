"""Column names that are themselves data, as when the first row of a file without header was taken for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.search import find
from airflow_mlsecops.scan.view import views

_LONG_NUMBER = re.compile(r"[0-9]{7,}")


def shown(names: Sequence[str], detectors: tuple[Detector, ...]) -> tuple[str, ...]:
    """The names as they may be shown: all by position, counted from 1, if a detector finds something in any of them.

    Where one name is a value its neighbours are cells of the same row, though no detector knows what they say.
    """
    if hold_data(tuple(names), detectors):
        return tuple(f"column[{position}]" for position in range(1, len(names) + 1))
    return tuple(names)


@lru_cache(maxsize=4096)
def hold_data(names: tuple[str, ...], detectors: tuple[Detector, ...]) -> bool:
    """True if a detector finds something in any of these column names, or one of them is a long number.

    Bare digits prove nothing by themselves, so no detector speaks of them; but no header is seven digits long.
    """
    import polars as pl

    if any(_LONG_NUMBER.fullmatch(name) for name in names):
        return True
    # A column without a name, so that no hint fits and only plain patterns look.
    frame = pl.DataFrame({"": names}, schema={"": pl.String})
    return any(True for view in views(frame, detectors) for _ in find(view, detectors, gather=False))
