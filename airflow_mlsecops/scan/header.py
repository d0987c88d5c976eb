"""Column names that are themselves data, as when the first row of a file without header was taken for one."""

from __future__ import annotations

from functools import lru_cache

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.search import find
from airflow_mlsecops.scan.view import views


@lru_cache(maxsize=4096)
def shown(name: str, position: int, detectors: tuple[Detector, ...]) -> str:
    """The name as it may be shown: ``column[3]``, counted from 0, if a detector finds something in it."""
    return f"column[{position}]" if _holds_data(name, detectors) else name


def _holds_data(name: str, detectors: tuple[Detector, ...]) -> bool:
    import polars as pl

    frame = pl.DataFrame({"name": [name]})
    return any(True for view in views(frame, detectors) for _ in find(view, detectors, gather=False))
