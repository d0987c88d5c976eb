"""Values as an allow list keeps them: keyed, in the detector's one spelling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from airflow_mlsecops.core.allow import value_id
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.pattern import linear
from airflow_mlsecops.scan.text import text_of


def keyed(text: str, entity: str, detectors: Iterable[Detector], key: bytes) -> tuple[str, ...]:
    """What to write into an allow rule for what detectors of an entity find in a text; empty if they find nothing.

    :param key: the deployment's fingerprint secret
    """
    import polars as pl

    read = text_of(pl.Series([text], dtype=pl.String))
    cell = read[0].strip() if read is not None and read[0] else ""
    own = [detector for detector in detectors if detector.entity.name == entity]
    return tuple(sorted({value_id(key, entity, value) for detector in own for value in _values(detector, cell)}))


def _values(detector: Detector, cell: str) -> Iterator[str]:
    if detector.pattern is not None:
        for run in linear(detector.pattern).finditer(cell):
            yield from (value for _, _, value in detector.find(run[0]))
    if detector.cell_pattern is not None and linear(detector.cell_pattern).search(cell):
        yield from filter(None, (detector.cell(cell),))
