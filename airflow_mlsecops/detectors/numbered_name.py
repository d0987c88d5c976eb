"""Names with a number that counts them or tells them apart: ``john 1``, ``2. Mary Jones``, ``3 - Lee, Ann``.

Houses, makes and verses have numbers too: the column's name has to hint at persons.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._lone_names import is_name
from airflow_mlsecops.detectors._person_headers import ROLES
from airflow_mlsecops.detectors._person_names import is_full, is_given, plain
from airflow_mlsecops.detectors.person import DETECTOR as PERSON

_NUMBERED = re.compile(
    r"[A-Za-z]{0,3}[0-9]{1,6}\s*[-–.):/]*\s*(?P<after>[^0-9]+)|(?P<before>[^0-9]+?)\s+[-–#(]?[0-9]{1,6}\)?"
)


def _named(cell: str) -> str:
    match = _NUMBERED.fullmatch(cell)
    name = (match["after"] or match["before"]).strip(" ,-–") if match else ""
    # "Lockheed 10": makes are called after families.
    given = is_name(name) and is_given(plain(name))
    return spelling(cell) if len(name) > 2 and (is_full(name) or given) else ""


DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=r"^[A-Za-z]{0,3}[0-9]{1,6}[^0-9@]{2,60}$|^[^0-9@]{2,60}[0-9]{1,6}\)?$",
    cell=_named,
    known=lambda cell: bool(_named(cell)),
    common=0.02,
    hints=PERSON.names + PERSON.hints + ROLES,
    not_names=PERSON.not_names,
    near=PERSON.near,
)
