"""Every transformation has a table, and does what its table says."""

from __future__ import annotations

import re

import polars as pl
import pytest

from airflow_mlsecops.sanitize import all_transformations
from airflow_mlsecops.scan.pattern import linear
from tests.sanitize.cells import MEANS, NULL, Example, examples, tables

ROWS = [example for table in tables() for example in examples(table)]
LEAST = 12


def test_every_transformation_has_a_table_and_every_table_a_transformation() -> None:
    assert tables() == list(all_transformations())


@pytest.mark.parametrize("table", tables())
def test_a_table_has_enough_examples_each_with_its_reason(table: str) -> None:
    rows = examples(table)
    assert len(rows) >= LEAST
    assert all(row.why for row in rows)
    assert len({(row.parameters, row.type, row.cell) for row in rows}) == len(rows)
    assert any(row.cell == NULL == row.expected for row in rows)


@pytest.mark.parametrize("example", ROWS, ids=lambda example: example.id)
def test_a_transformation_does_what_its_table_says(example: Example) -> None:
    made = example.transformation.apply(example.cells, MEANS)
    (cell,) = made.to_list()
    said = NULL if cell is None else str(cell)
    if example.expected.startswith("~"):
        assert re.search(example.expected[1:], said), example.why
    else:
        assert said == example.expected, example.why


@pytest.mark.parametrize("table", tables())
def test_what_comes_out_has_the_shape_that_is_promised(table: str) -> None:
    for example in examples(table):
        shape = example.transformation.shape()
        if shape is not None:
            made = example.transformation.apply(example.cells, MEANS).drop_nulls().cast(pl.String)
            assert shape.startswith("^")
            assert shape.endswith("$")
            assert all(linear(shape).search(cell) for cell in made.to_list()), example.id
            assert made.str.contains(shape).all(), example.id


@pytest.mark.parametrize("name", list(all_transformations()))
def test_a_transformation_tells_a_stranger_what_it_does(name: str) -> None:
    transformation = all_transformations()[name]
    said = transformation.__doc__ or ""
    assert len(said.split()) > 5
    assert all(f":param {field}:" in said for field in transformation.model_fields)


def test_no_two_whole_cell_transformations_but_those_that_coarsen_are_as_strong() -> None:
    strengths = [one.strength for one in all_transformations().values() if one.strength != 45]
    assert len(set(strengths)) == len(strengths)
