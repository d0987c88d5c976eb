"""Logins behind their own name, as logs that were split at spaces hold them: ``user=root``, ``acct="jdoe"``.

Numbers of users (``uid=0``) are for the machine, and ``user=`` alone tells of nobody.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors.username import DETECTOR as USERNAME
from airflow_mlsecops.detectors.username import username

_FIELD = re.compile(r"[A-Za-z_]+[=:] ?[\"']?(.*?)[\"']?[,;]?")


def _login(cell: str) -> str:
    match = _FIELD.fullmatch(cell)
    login = match[1] if match else ""
    return "" if login.isdecimal() else username(login)


DETECTOR = Detector(
    entity=USERNAME.entity,
    cell_pattern=r"^(?i:(?:[rles]|src|dst|su)?_?(?:user|username|user_name|usr|logname|login|acct|account))[=:] ?"
    r"[\"']?[A-Za-z_][A-Za-z0-9._$@\\\-]{0,40}[\"']?[,;]?$",
    cell=_login,
    common=0.0001,
    not_names=("agent", "type"),
)
