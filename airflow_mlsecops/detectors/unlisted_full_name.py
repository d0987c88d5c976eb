"""Columns of full names of which lists know hardly any, where the column's name hints at persons.

Nearly all cells are two capitalised words or more that no dictionary has, and a third of them has one name of a person:
the names of other things have words of a language in them.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._gazetteer import is_place
from airflow_mlsecops.detectors._person_headers import ROLES
from airflow_mlsecops.detectors._person_names import plain
from airflow_mlsecops.detectors._person_words import PARTICLES
from airflow_mlsecops.detectors.person import DETECTOR as PERSON
from airflow_mlsecops.detectors.rare_full_name import may_be, unheard


def _could_be(cell: str) -> str:
    capitals = all(word[0] != word[0].lower() for word in cell.split() if plain(word) not in PARTICLES)
    return spelling(cell) if capitals and unheard(cell) and not is_place(plain(cell)) else ""


DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=r"^[^0-9@_\\#$%*+=<>{}\[\]~^!?:/|&]{4,80}$",
    cell=_could_be,
    known=lambda cell: bool(may_be(cell)),
    common=0.08,
    least=0.9,
    hints=PERSON.names + PERSON.hints + ROLES,
    not_names=PERSON.not_names,
    near=PERSON.near,
)
