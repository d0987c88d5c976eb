"""The tables of examples beside this file, one for each detector."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
# Stands inside fake secrets so that no scanner takes them for live ones; it is no part of the cell.
JOINT = "¦"
# Parts the cells of a whole column.
NEXT = " || "


@dataclass(frozen=True)
class Example:
    table: str
    line: int
    column: str
    cell: str
    expected: bool
    why: str

    @property
    def cells(self) -> list[str]:
        return self.cell.split(NEXT)

    @property
    def id(self) -> str:
        return f"{self.table}:{self.line}"


def examples(table: str) -> list[Example]:
    with (FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return [
            Example(
                table,
                number,
                row["column"],
                row["cell"].replace(JOINT, ""),
                {"yes": True, "no": False}[row["expected"]],
                row["why"],
            )
            for number, row in enumerate(csv.DictReader(file), start=2)
        ]


def tables() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.csv"))
