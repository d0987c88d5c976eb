"""Columns of full names of which lists know only a part, since no list has the names of all peoples.

Hardly any other column has two or three words in nearly every cell of which one is a name of a person and none another
word, if half of its cells are known to be full names.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._degrees import without_degrees
from airflow_mlsecops.detectors._gazetteer import common_words, countries, street_words
from airflow_mlsecops.detectors._person_headers import ROLES
from airflow_mlsecops.detectors._person_names import is_family, is_full, is_given, plain
from airflow_mlsecops.detectors._person_words import ORGANISATION, PARTICLES, SAINTS, TITLES
from airflow_mlsecops.detectors.person import DETECTOR as PERSON

_PARTS = re.compile(r"[\s.,]+")
_NEVER = ORGANISATION | SAINTS | street_words()
_MOST = 5


def unheard(cell: str) -> list[str]:
    """The words of a cell that could be a full name no list has; nothing if any of them is another word."""
    parts = [plain(part) for part in _PARTS.split(without_degrees(cell)) if part]
    bare = [part for part in parts if part not in PARTICLES and part not in TITLES]
    if not 1 < len(bare) <= _MOST or _NEVER.intersection(parts):
        return []
    other = any(not is_any(part) and (part in common_words() or part in countries()) for part in bare)
    return [] if other else bare


def is_any(part: str) -> bool:
    """True if lists have it as a name of persons."""
    return is_given(part) or is_family(part)


def may_be(cell: str) -> str:
    """Two words or more with a name among them, and nothing that is another word."""
    return spelling(cell) if any(map(is_any, unheard(cell))) else ""


DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=r"^[^0-9@_\\#$%*+=<>{}\[\]~^!?:/|&]{4,80}$",
    cell=may_be,
    known=is_full,
    common=0.0001,
    least=0.9,
    hints=ROLES,
    not_names=PERSON.not_names,
    near=PERSON.near,
)
