"""What one detector makes of single cells."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.whatif import tells
from airflow_mlsecops.scan.pattern import linear, quick
from airflow_mlsecops.scan.text import text_of


class Mark(StrEnum):
    """What a detector says of one cell, from proof to nothing; in the words of an explanation."""

    PASSED = "its pattern stands there and its check passes: proof by itself"
    PROVEN = "its pattern stands there: proof by itself"
    KNOWN = "known to be one, as a whole cell"
    FAILED = "its pattern stands there, but its check fails"
    LOOKS = "looks like one, as a whole cell"
    STRANGE = "looks like one, but is not known to be one"
    NOTHING = "nothing"


def read_cells(values: Sequence[str]) -> tuple[str, ...]:
    """Values as detectors see them: digits of every script are digits, nothing invisible, no space around."""
    import polars as pl

    text = text_of(pl.Series(values, dtype=pl.String))
    return tuple(cell.strip() for cell in text.to_list()) if text is not None else ()


def mark(detector: Detector, cell: str) -> Mark:
    """What a detector says of a cell that was read."""
    runs = [match[0] for match in linear(detector.pattern).finditer(cell)] if detector.pattern else []
    if any(True for run in runs for _ in detector.find(run)):
        return Mark.PASSED if detector.checked else Mark.PROVEN
    looks = _looks(detector, cell)
    known = looks and detector.known is not None and detector.known(cell)
    if known and tells(detector):
        return Mark.KNOWN
    if runs and detector.checked:
        return Mark.FAILED
    if looks:
        return Mark.LOOKS if known or detector.known is None else Mark.STRANGE
    return Mark.NOTHING


def _looks(detector: Detector, cell: str) -> bool:
    if detector.cell_pattern is None or not cell:
        return False
    pattern = linear(detector.cell_pattern) if detector.everything else quick(detector.cell_pattern)
    return bool(pattern.search(cell) and detector.cell(cell))
