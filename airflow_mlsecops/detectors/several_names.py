"""Two persons or more in one cell: ``Ann Lee / John Smith``, ``Ann Lee & John Smith``, a name on each line.

Firms are called after family names, and duos after given ones: each of the names has to be full, in every script.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._person_headers import ROLES
from airflow_mlsecops.detectors._person_names import is_full
from airflow_mlsecops.detectors.person import DETECTOR as PERSON

_BETWEEN = re.compile(r"\s*[;/|&\n]\s*|\s+(?:and|und|et|y|e|og|och|en|i|with|mit|avec|con)\s+", re.IGNORECASE)
_MOST = 12


def _several(cell: str) -> str:
    """A cell in which every name is a full one."""
    names = [name for name in _BETWEEN.split(cell) if name.strip()]
    return spelling(cell) if 0 < len(names) <= _MOST and all(map(is_full, names)) else ""


DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=r"^[^0-9@_\\#$%*+=<>{}\[\]~^!?:]{4,300}$",
    cell=_several,
    known=lambda cell: bool(_several(cell)),
    common=0.0003,
    least=0.5,
    hints=PERSON.names + PERSON.hints + ROLES,
    not_names=PERSON.not_names,
    near=PERSON.near,
)
