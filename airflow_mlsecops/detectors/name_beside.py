"""Columns of names of which lists know only half, beside other columns about persons.

No list has the family names of all peoples (``Brousset``, ``Гармаш``): of a column of them half is known, and the rest
are no words at all. So are brands and villages, but hardly where given names, addresses or numbers of persons stand
beside them.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._gazetteer import common_words, is_place, nationalities
from airflow_mlsecops.detectors._lone_names import could_be, is_name
from airflow_mlsecops.detectors._person_names import plain
from airflow_mlsecops.detectors._person_words import ORGANISATION, SAINTS, TITLES
from airflow_mlsecops.detectors.lone_name import DETECTOR as LONE_NAME

_PARTS = re.compile(r"[\s.'’-]+")
_NEVER = ORGANISATION | SAINTS | TITLES
_LONGEST = 3


def _may_be(cell: str) -> str:
    """One to three words that are names or nothing that lists have for something else."""
    parts = [plain(part) for part in _PARTS.split(cell) if part]
    unknown = 0 < len(parts) <= _LONGEST and not any(map(_is_other, parts)) and cell[0] == cell[0].upper()
    return could_be(cell) or (spelling(cell) if unknown else "")


def _is_other(part: str) -> bool:
    known = part in common_words() or part in nationalities() or part in _NEVER
    return known or is_place(part) or not part.isalpha()


DETECTOR = Detector(
    entity=LONE_NAME.entity,
    cell_pattern=LONE_NAME.cell_pattern,
    cell=_may_be,
    known=is_name,
    common=0.01,
    least=0.9,
    not_names=LONE_NAME.not_names,
    near=LONE_NAME.near,
)
