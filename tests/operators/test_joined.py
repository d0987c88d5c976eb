"""Quasi-identifiers of different parents that single people out once they stand side by side."""

from __future__ import annotations

import polars as pl
import pytest

from airflow_mlsecops.operators.errors import GateFailed
from tests.operators.lake import Lake

ROWS = 400
# Each alone hides everybody among eight or more; both together nobody among two.
AGES = [20 + n % 50 for n in range(ROWS)]
CITIES = [("Rome", "Paris", "Berlin", "Madrid", "Vienna", "Lisbon", "Dublin", "Athens")[n // 50] for n in range(ROWS)]


@pytest.fixture
def joined(lake: Lake) -> tuple[Lake, list[str]]:
    lake.edit("  features:\n", "  features:\n    k_anonymity: 5\n")
    number = range(ROWS)
    crm = lake.write("raw/crm", pl.DataFrame({"customer": [f"c{n}" for n in number], "age": AGES}))
    shop = lake.write("raw/shop", pl.DataFrame({"customer": [f"c{n}" for n in number], "city": CITIES}))
    lake.write("features", pl.DataFrame({"usage": number, "age": AGES, "city": CITIES}))
    return lake, [crm, shop]


def test_the_combination_is_named_with_its_parents(joined: tuple[Lake, list[str]]) -> None:
    lake, parents = joined
    with pytest.raises(GateFailed, match="QUASI_IDENTIFIERS_JOINED"):
        lake.run(lake.gates(parents=parents)["classify"])
    (finding,) = [finding for finding in lake.records()[0].verdict.findings if finding.blocks]
    assert (finding.subject, finding.rows, finding.of) == ("age + city", ROWS, ROWS)
    assert all(parent in finding.reason for parent in parents)


def test_what_came_from_one_parent_was_not_joined_here(joined: tuple[Lake, list[str]]) -> None:
    lake, _ = joined
    both = lake.write("raw/both", pl.DataFrame({"age": AGES, "city": CITIES}))
    lake.run(lake.gates(parents=[both])["classify"])


def test_without_a_line_in_the_policy_nobody_counts(joined: tuple[Lake, list[str]]) -> None:
    lake, parents = joined
    lake.edit("    k_anonymity: 5\n", "")
    lake.run(lake.gates(parents=parents)["classify"])


def test_groups_that_are_large_enough_pass(joined: tuple[Lake, list[str]]) -> None:
    lake, parents = joined
    coarse = [20 + age % 2 for age in AGES]
    lake.write("raw/crm", pl.DataFrame({"customer": [f"c{n}" for n in range(ROWS)], "age": coarse}))
    lake.write("features", pl.DataFrame({"usage": range(ROWS), "age": coarse, "city": CITIES}))
    lake.run(lake.gates(parents=parents)["classify"])
