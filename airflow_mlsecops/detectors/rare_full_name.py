"""Columns of full names of which lists know only a part, since no list has the names of all peoples.

Hardly any other column has two or three words in nearly every cell of which one is a name of a person and none another
word, if half of its cells are known to be full names.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._degrees import without_degrees
from airflow_mlsecops.detectors._gazetteer import common_words, countries, street_words
from airflow_mlsecops.detectors._person_names import (
    ORGANISATION,
    PARTICLES,
    SAINTS,
    TITLES,
    is_family,
    is_full,
    is_given,
    plain,
)
from airflow_mlsecops.detectors.person import DETECTOR as PERSON

_PARTS = re.compile(r"[\s.,]+")
_NEVER = ORGANISATION | SAINTS | street_words()
_MOST = 5


def _may_be(cell: str) -> str:
    """Two words or more with a name among them, and nothing that is another word."""
    parts = [plain(part) for part in _PARTS.split(without_degrees(cell)) if part]
    bare = [part for part in parts if part not in PARTICLES and part not in TITLES]
    if not 1 < len(bare) <= _MOST or _NEVER.intersection(parts):
        return ""
    named = [part for part in bare if is_given(part) or is_family(part)]
    other = [part for part in bare if part not in named and (part in common_words() or part in countries())]
    return spelling(cell) if named and not other else ""


DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=r"^[^0-9@_\\#$%*+=<>{}\[\]~^!?:/|&]{4,80}$",
    cell=_may_be,
    known=is_full,
    common=0.0001,
    least=0.9,
    not_names=PERSON.not_names,
    near=PERSON.near,
)
