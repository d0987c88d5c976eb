"""Names before figures in brackets, shares of votes or results: ``Ann Lee (36)``, ``Lee (6-7)``, ``Ann Lee (R) 52.3%``.

Tables of sports and elections write so. A number with nothing but a space before it is a house's or a make's as often.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._lone_names import is_name
from airflow_mlsecops.detectors._person_headers import ROLES
from airflow_mlsecops.detectors._person_names import is_full
from airflow_mlsecops.detectors.person import DETECTOR as PERSON

_HEAD = re.compile(r"([^0-9()\[\]]{3,60}?)\s*([(\[].*|(?:\s|(?<=[,:–-]))[0-9].*)", re.DOTALL)
# After a bracket that holds something short, with a share of votes, with a minute, or with two results of a match.
_FIGURES = re.compile(
    r"[(\[][^()\[\]]{0,24}[)\]](?:[\s,]*[0-9][0-9\s.,:%/()–-]*)?|[0-9]{1,3}(?:[.,][0-9]+)? ?%.{0,12}"
    r"|(?:[0-9]{1,3}(?:\+[0-9]{1,2})?['’′],? ?)+|[0-9]{1,2} ?[–-] ?[0-9]{1,2}[\s,]+[0-9(][0-9\s,()–-]{2,60}"
)
_MOST_LETTERS = 8


def _scored(cell: str) -> str:
    """The name before figures; nothing if there are none."""
    match = _HEAD.fullmatch(cell)
    if match is None or _FIGURES.fullmatch(match[2].strip()) is None:
        return ""
    short = sum(map(str.isalpha, match[2])) <= _MOST_LETTERS
    return match[1].strip(" ,:–-") if short and any(map(str.isdigit, match[2])) else ""


def _is_named(name: str) -> bool:
    return len(name) > 2 and (is_full(name) or is_name(name))


DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=r"^[^0-9()\[\]@]{3,60}[(\[0-9][^@]{0,80}$",
    cell=lambda cell: spelling(name) if _is_named(name := _scored(cell)) else "",
    known=lambda cell: _is_named(_scored(cell)),
    common=0.0004,
    least=0.5,
    hints=PERSON.names + PERSON.hints + ROLES,
    not_names=PERSON.not_names,
    near=PERSON.near,
)
