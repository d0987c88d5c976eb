"""Full names whose words are joined: ``John_Smith``, ``JohnSmith``, ``smith_john``, ``maria-lopez-garcia``.

Identifiers are written so as well: all words have to be one person's name, given and family.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._person_headers import ROLES
from airflow_mlsecops.detectors._person_names import is_full
from airflow_mlsecops.detectors.person import DETECTOR as PERSON

_WORD = "[A-Za-zÀ-ÖØ-öø-ž]{1,20}"
_HUMP = re.compile("(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


def _parted(cell: str) -> str:
    """The words with spaces between them, each with a capital."""
    return " ".join(_HUMP.sub(" ", cell).replace("_", " ").replace("-", " ").split()).title()


def _joined(cell: str) -> str:
    return spelling(cell) if is_full(_parted(cell)) else ""


DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=rf"^{_WORD}(?:_{_WORD}){{1,3}}$|^[a-z]{{2,20}}(?:-[a-z]{{2,20}}){{1,4}}$|^(?:[A-Z][a-z]{{1,16}}){{2,3}}$",
    cell=_joined,
    known=lambda cell: bool(_joined(cell)),
    common=0.0004,
    least=0.5,
    hints=PERSON.names + PERSON.hints + ROLES,
    not_names=PERSON.not_names + words("slug field columns variable gene species breed"),
    near=PERSON.near,
)
