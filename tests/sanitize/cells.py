"""Cells of every type, the tables beside this file, and what transformations may use in tests."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from airflow_mlsecops import detectors
from airflow_mlsecops.core.treatment import Rule, Treatment
from airflow_mlsecops.sanitize import Means, PseudonymKey, Transformation, transformation_of

FOLDER = Path(__file__).parent
NULL = "∅"
KEY = PseudonymKey(b"a key for tests only, of 32 bytes")
PREVIOUS = PseudonymKey(b"the key that was in force before")
REMOVED = frozenset(("EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN", "PERSON"))
MEANS = Means(KEY, PREVIOUS, detectors.all_detectors(), REMOVED)


@dataclass(frozen=True)
class Example:
    """A row of a table: what one cell of a type becomes; an expectation that begins with ``~`` is a pattern."""

    table: str
    line: int
    parameters: str
    type: str
    cell: str
    expected: str
    why: str

    @property
    def id(self) -> str:
        return f"{self.table}:{self.line}"

    @property
    def transformation(self) -> Transformation:
        return made(self.table, self.parameters)

    @property
    def cells(self) -> pl.Series:
        cell = None if self.cell == NULL else self.cell
        return typed(pl.Series("cell", [cell], dtype=pl.String), self.type or "String")


@cache
def made(name: str, parameters: str = "") -> Transformation:
    return transformation_of(Rule(transformation=name, parameters=json.loads(parameters or "{}")))


def typed(text: pl.Series, name: str) -> pl.Series:
    if name == "Boolean":
        return text == "true"
    if name == "Decimal":
        return text.cast(pl.Decimal(scale=2))
    if name == "Datetime":
        return text.str.to_datetime()
    if name in ("Date", "Time"):
        return text.str.strptime(getattr(pl, name))
    return text.cast(getattr(pl, name))


def tables() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


def examples(table: str) -> list[Example]:
    with (FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return [Example(table=table, line=line, **row) for line, row in enumerate(csv.DictReader(file), start=2)]


def treatment(column: str, rule: str | dict[str, Any], *entities: str, within: bool = False) -> Treatment:
    return Treatment(column=column, entities=entities, rule=Rule.model_validate(rule), within=within)
