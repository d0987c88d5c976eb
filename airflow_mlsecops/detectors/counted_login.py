"""Users that a data set counts instead of naming: ``user12``, ``user_7``, ``User 3``.

They are pseudonyms, which stand for one person each as logins do. Elsewhere counted words are groups, nodes or keys:
the column has to say that it holds users.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.login_name import DETECTOR as LOGIN_NAME

_USER = "user|usr|usuario|utente|benutzer|nutzer|member|player"
_COUNTED = re.compile(rf"(?:[a-z]{{2,12}}[-_. ]?)?(?:{_USER})[-_. ]?[0-9]{{1,9}}", re.IGNORECASE)


def _counted(cell: str) -> str:
    return cell.casefold() if _COUNTED.fullmatch(cell) else ""


DETECTOR = Detector(
    entity=LOGIN_NAME.entity,
    cell_pattern=r"^[A-Za-z]{2,12}[A-Za-z\-_. ]{0,14}[0-9]{1,9}$",
    cell=_counted,
    names=LOGIN_NAME.names
    + words("""
        users owner author creator poster commenter reviewer assignee reporter created_by updated_by modified_by
        posted_by uploaded_by submitted_by opened_by logged_by
    """),
    not_names=LOGIN_NAME.not_names + words("id ids key no number num nr index uuid"),
    near=LOGIN_NAME.near,
)
