"""Whether a detector finds what its file says it must, asked of the scan itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.policy.shape import Step
from airflow_mlsecops.scan import classify

if TYPE_CHECKING:
    from airflow_mlsecops.policy.detectors import DetectorFile

_MUTE = "c1"


def wrong_examples(detector: Detector, said: DetectorFile) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Every example that comes out otherwise: where it stands, and a sentence that does not repeat it."""
    for index, cell in enumerate(said.examples.match):
        if not _places(detector, cell):
            yield (
                ("examples", "match", index),
                f"match example {index + 1}: expected to be found, got nothing: mend {_parts(said)}, or the example",
            )
    for index, cell in enumerate(said.examples.no_match):
        places = _places(detector, cell)
        if places:
            yield (
                ("examples", "no_match", index),
                f"no_match example {index + 1}: expected nothing, got found {' and '.join(places)}: narrow it, or mend "
                "the example",
            )
    for index, column in enumerate(said.examples.columns):
        if _found(detector, column.name, column.cells) is not column.found:
            expected, got = ("found", "nothing") if column.found else ("nothing", "found")
            yield ("examples", "columns", index), f"column example {index + 1}: expected {expected}, got {got}"


def _parts(said: DetectorFile) -> str:
    return " or ".join(field for field in ("pattern", "cell_pattern", "validator") if getattr(said, field))


def _places(detector: Detector, cell: str) -> tuple[str, ...]:
    """Where a cell is found: in a column of any name, and in one whose name says what it holds."""
    places = []
    if detector.pattern is not None and _found(detector, _MUTE, (cell,)):
        places.append("by pattern, in a column of any name")
    if detector.cell_pattern is not None:
        named = detector if detector.names else replace(detector, names=("example",))
        if _found(replace(named, pattern=None), named.names[0], (cell,)):
            places.append("by cell_pattern, in a column whose name fits")
    return tuple(places)


def _found(detector: Detector, column: str, cells: Sequence[str]) -> bool:
    import polars as pl

    frame = pl.DataFrame({column: pl.Series(cells, dtype=pl.String)})
    return bool(classify([frame], (detector,)).sightings)
