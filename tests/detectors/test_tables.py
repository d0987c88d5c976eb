"""Every detector has a table, and does what its table says through the real scan."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import polars as pl
import pytest

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.scan.header import hold_data
from tests.detectors.tables import Example, examples, tables

MODULES = sorted(info.name for info in pkgutil.iter_modules(detectors.__path__) if not info.name.startswith("_"))
ROWS = [example for table in tables() if table in MODULES for example in examples(table)]


@cache
def detector_of(module: str) -> Detector:
    """One detector, however the others are."""
    return replace(importlib.import_module(f"airflow_mlsecops.detectors.{module}").DETECTOR, name=module)


@cache
def found(detector: Detector, example: Example) -> bool:
    frame = pl.DataFrame({example.column: example.cells})
    entities = {sighting.entity for sighting in scan.classify([frame], [detector]).sightings}
    return detector.entity.name in entities


def layers(rows: list[Example]) -> Iterator[list[Example]]:
    """The rows as few tables: in none of them a column's name twice, and apart where the name itself holds data."""
    rest: dict[str, list[Example]] = defaultdict(list)
    for row in rows:
        if hold_data((row.column,), detectors.all_detectors()):
            continue
        rest[row.column].append(row)
    while any(rest.values()):
        yield [same.pop() for same in rest.values() if same]


def test_every_detector_has_a_table_and_every_table_a_detector() -> None:
    assert tables() == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_table_holds_enough_hits_and_near_misses(module: str) -> None:
    rows = examples(module)
    assert len(rows) >= 12
    assert sum(row.expected for row in rows) >= 3
    assert sum(not row.expected for row in rows) >= 3
    assert all(row.why for row in rows)
    assert len({(row.column, row.cell) for row in rows}) == len(rows)


@pytest.mark.parametrize("example", ROWS, ids=lambda example: example.id)
def test_the_scan_says_what_the_table_says(example: Example) -> None:
    assert found(detector_of(example.table), example) is example.expected, example.why


@pytest.mark.parametrize("module", MODULES)
def test_other_detectors_columns_and_rows_change_nothing(module: str) -> None:
    missed = []
    for layer in layers([example for example in examples(module) if example.expected]):
        height = max(len(example.cells) for example in layer) + 3
        columns = {example.column: ["", *example.cells, None, "--"] for example in layer}
        frame = pl.DataFrame({name: cells + [None] * (height - len(cells)) for name, cells in columns.items()})
        sightings = scan.classify([frame], detectors.all_detectors()).sightings
        # What stands inside JSON is seen under a path that begins with the column's name.
        # A general detector gives way to one that knows more exactly what the column holds.
        says = {entity.name for entity in detectors.entities().values() if _says_it(detector_of(module), entity)}
        seen = [sighting.column for sighting in sightings if sighting.entity in says]
        unseen = [one for one in layer if not any(path.startswith(one.column) for path in seen)]
        missed += [one.id for one in unseen if found(detector_of(module), one)]
    assert missed == []


def _says_it(detector: Detector, entity: Entity) -> bool:
    return entity == detector.entity or (detector.general and entity.role is detector.entity.role)


def test_entities_have_one_definition_each() -> None:
    for detector in detectors.all_detectors():
        assert detectors.entities()[detector.entity.name] == detector.entity
    secrets = [entity for entity in detectors.entities().values() if entity.role == "secret"]
    assert len(secrets) >= 8
    assert all(entity.level == "restricted" for entity in secrets)
