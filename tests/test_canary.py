"""The canary search would find what it is to find; and a scan, whatever is asked of it, shows nothing of what it read."""

from __future__ import annotations

import base64
import io
import json
import pickle
from collections.abc import Iterator
from functools import cache

import polars as pl
import pytest

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.core.classification import Classification, Column, Sighting
from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.entity import Role
from airflow_mlsecops.core.judge_sanitize import plan
from airflow_mlsecops.core.policy import DatasetRule, Policy, StageRule
from airflow_mlsecops.core.treatment import Rule
from airflow_mlsecops.sanitize import PseudonymKey, Sanitizer
from airflow_mlsecops.scan import clues, conclude, sample, search, tally, view
from airflow_mlsecops.scan.buffer import Buffer
from airflow_mlsecops.scan.naming import names_of
from airflow_mlsecops.scan.nested import leaves
from tests.canary import columns, forms, leaks, planted, values
from tests.detectors.tables import tables

ALL = detectors.all_detectors()


@cache
def frame() -> pl.DataFrame:
    cells = columns()
    height = max(map(len, cells.values()))
    return pl.DataFrame({name: held + [None] * (height - len(held)) for name, held in cells.items()})


@cache
def examined() -> tuple[Classification, tuple[conclude.Weighed, ...], scan.Hits]:
    hits = scan.Hits()
    return *scan.examine([frame()], ALL, hits=hits), hits


def test_every_detector_has_something_planted_that_the_scan_finds() -> None:
    assert tables() == sorted(detector.name for detector in ALL)
    assert len(values()) > 120
    entity = {detector.name: detector.entity.name for detector in ALL}
    found = examined()[0].sightings
    missed = [
        example.table
        for column, example in planted().items()
        if not any(one.column.startswith(column) and one.entity == entity[example.table] for one in found)
    ]
    assert missed == []


def test_a_leak_is_found_in_each_form() -> None:
    value = values()[0]
    for form in (value.encode(), value.encode().hex().encode(), base64.b64encode(value.encode()), *forms(value)):
        for before in (b"", b"x", b"before "):
            assert leaks([("log", before + form + b" after")])
            assert leaks([("log", before + form)])
    assert not leaks([("log", b"nothing here"), ("empty", b""), ("short", b"abc")])


def objects() -> Iterator[object]:
    """Everything that a scan makes on its way from cells to an answer."""
    classification, weighed, hits = examined()
    yield from (classification, weighed, hits, hits.known())
    yield scan.trace(hits, [frame()[:, ::12]], ALL)
    yield scan.occurrences([cell for cells in columns().values() for cell in cells], ALL)
    counted, names = tally.Tally(), names_of(ALL)
    yield counted
    for position, column in list(enumerate(frame().iter_columns()))[::4]:
        yield list(leaves(column))
        drawn = sample.Sample()
        drawn.add(column)
        prepared = clues.values_of(drawn.values())
        yield drawn, prepared, Buffer(column.drop_nulls())
        yield [clues.look(detector, prepared, Fit.SAYS) for detector in ALL[position % 16 :: 16]]
        for looked in view.views_of(position, column):
            yield looked, list(search.proven(looked, ALL, names, gather=True))
            leaf = counted.leaf(column.name, looked.path, loose=looked.loose, size=1_024)
            leaf.see(looked)
            yield leaf, counted.leaves()


def test_no_object_of_a_scan_shows_what_it_holds() -> None:
    said = [(type(one).__name__, f"{one!r} {one}".encode()) for one in objects()]
    assert len(said) > 150
    assert leaks(said) == []


def test_an_answer_holds_no_value_in_any_form() -> None:
    classification, _, _ = examined()
    assert leaks([("classification", classification.model_dump_json().encode())]) == []
    assert leaks([("sighting", one.model_dump_json().encode()) for one in classification.sightings]) == []
    assert leaks([("merged", classification.merge(classification).model_dump_json().encode())]) == []


def test_a_header_that_is_data_is_in_no_answer() -> None:
    cells = [cell for held in columns().values() for cell in held]
    named = pl.DataFrame({cell: ["x"] for cell in cells})
    parsed = pl.read_csv(io.StringIO("\n".join(["a", "b"])))
    classification = scan.classify([named], ALL)
    assert leaks([("header", classification.model_dump_json().encode())]) == []
    assert {one.code for one in classification.skipped} == {"HEADER_HOLDS_DATA"}
    assert not scan.classify([parsed], ALL).skipped


@pytest.mark.parametrize("split", [0, 40])
def test_a_json_key_that_is_data_is_in_no_answer(split: int) -> None:
    cells = [json.dumps({cell: number}) for number, cell in enumerate(values())]
    whole = pl.DataFrame({"scores": cells, "nested": [json.dumps({"of": {cell: {"is": 1}}}) for cell in values()]})
    known = [whole[:split], whole[split:]] if split else [whole[:60]]
    hits = scan.Hits()
    classification, weighed = scan.examine(known, ALL, hits=hits)
    traced = (scan.trace(examined()[2], [whole], ALL), scan.trace(hits, [frame()], ALL), list(hits.known()))
    said = [repr((one.column, one.weights)).encode() for one in weighed]
    assert leaks([("keys", classification.model_dump_json().encode()), ("traced", repr(traced).encode())]) == []
    assert leaks([("weighed", one) for one in said]) == []


def refused() -> Iterator[Exception]:
    """What a scan refuses, in its own words."""
    value = values()[0]
    classification, _, hits = examined()
    drawn = sample.Sample()
    drawn.add(pl.Series(values()))
    for doing in (
        lambda: pickle.dumps(hits),
        lambda: pickle.dumps(drawn),
        lambda: Column(name="x", type="String", rows=value),  # type: ignore[arg-type]
        lambda: Sighting(column="x", entity="Y", rows=value, how=value),  # type: ignore[arg-type]
        lambda: classification.merge(Classification(ruleset="other")),
    ):
        with pytest.raises((TypeError, ValueError)) as caught:
            doing()
        yield caught.value


def test_no_error_tells_a_value() -> None:
    assert leaks([(type(error).__name__, f"{error!r} {error}".encode()) for error in refused()]) == []


def test_a_scan_says_nothing_by_itself(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    scan.classify([frame()], ALL)
    said = capfd.readouterr()
    assert (said.out, said.err, caplog.text) == ("", "", "")


def sanitized(rule: object) -> pl.DataFrame:
    """All that is planted, by one rule for whatever is found."""
    rules = {f"role:{role.value}": Rule.model_validate(rule) for role in Role}
    policy = Policy(
        stages={"open": StageRule(sanitize=rules)}, datasets=(DatasetRule(match="**", stage="open"),), environments={}
    )
    planned = plan(examined()[0], identity="file:///x", policy=policy, entities=detectors.entities(), added={})
    assert planned.findings == ()
    sanitizer = Sanitizer(planned.treatments, key=PseudonymKey(b"k" * 32), detectors=ALL)
    made = sanitizer.apply(frame())
    told = f"{sanitizer!r} {sanitizer.treated} {dict(sanitizer.shapes)} {planned!r}"
    assert leaks([("sanitizer", told.encode())]) == []
    assert made.height == frame().height
    return made


@pytest.mark.parametrize(
    "rule",
    ["pseudonymise", "mask", {"with": "mask", "keep_last": 4}, "redact", "null", {"with": "synthetic", "kind": "name"}],
    ids=str,
)
def test_nothing_that_was_found_is_in_what_was_sanitized(rule: object) -> None:
    made = sanitized(rule)
    cells = [(column.name, "\n".join(column.drop_nulls().cast(pl.String)).encode()) for column in made.iter_columns()]
    assert len(cells) == frame().width
    assert leaks(cells) == []
