"""What the files on documents of no known structure share: a code after words that say so, or in a column named so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from airflow_mlsecops.core.detector import Span, spelling

CODE = r"[0-9A-Za-z][0-9A-Za-z.\-/]{4,22}[0-9A-Za-z]"
"""How a code stands in a sentence: no spaces, whatever else is between its characters."""
CELL = r"^[0-9A-Za-z*#(][0-9A-Za-z*#() ./\-]{3,28}[0-9A-Za-z*#)]$|^[0-9]\.[0-9]+[eE]\+[0-9]{1,2}$"
"""How a code fills a cell: grouped, partly masked, or as a spreadsheet shows a long number (``5.70611E+12``)."""

DATE = re.compile(
    r"[0-9]{4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,2}(?:[ T][0-9:.]{0,15})?|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2,4}"
    r"|[0-9]{4}[-/][0-9]{2,4}|[0-9]{1,2}[-./ ]{1,2}[A-Za-z]{3,9}[-./ ]{1,2}[0-9]{2,4}"
    r"|[A-Za-z]{3,9}[-./ ]{1,2}[0-9]{1,2}[-./ ][0-9]{4}"
    r"|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])?(?:[0-5][0-9]){0,2}"
)
"""A whole cell that is a day, as people, spreadsheets and programs write it: it is no number of anything."""
DECIMAL = re.compile(r"[0-9]{1,12}\.[0-9]{1,2}|[0-9]{1,6}\.[0-9]+")
_WAS_FLOAT = re.compile(r"^([0-9]+)\.0+$")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-.*")
_FILLERS = r"(?i:[^0-9A-Za-z]{1,3}(?:card|licen[cs]e|no|nr|num|number|nummer|numero|id|is|code))"


def code(least: int, most: int, digits: int) -> Callable[[str], str]:
    """The value of a cell that could be a document's number, by how many characters and digits it has."""

    def value(text: str) -> str:
        text = _WAS_FLOAT.sub(r"\1", text)
        if DATE.fullmatch(text) or DECIMAL.fullmatch(text) or _UUID.fullmatch(text):
            return ""
        masked = sum(map(text.count, "*#"))
        number = spelling(text)
        told = sum(map(str.isdigit, number))
        enough = least <= len(number) + masked <= most and told + masked >= digits and told >= 2
        return number if enough and len(set(number)) > 1 else ""

    return value


def announced(context: str, value: Callable[[str], str]) -> tuple[str, Callable[[str], Iterator[Span]]]:
    """The pattern that takes the words and the code after them, and what finds the code in it."""
    start = rf"\b(?i:{context})(?:{_FILLERS}){{0,3}}[^0-9A-Za-z\-]{{1,4}}"
    search = re.compile(rf"{start}({CODE})(?![0-9A-Za-z])")

    def find(run: str) -> Iterator[Span]:
        for match in search.finditer(run):
            number = value(match[1])
            if number:
                yield *match.span(1), number

    return rf"{start}(?:{CODE})[0-9A-Za-z]*", find
