"""Logins in a column of e-mail addresses, whose domain was left out since it is the same for all: ``SKING``."""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._gazetteer import common_words
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.email_address import DETECTOR as EMAIL_ADDRESS
from airflow_mlsecops.detectors.username import DETECTOR as USERNAME
from airflow_mlsecops.detectors.username import username

_PROVIDERS = frozenset(
    words("gmail googlemail yahoo hotmail outlook icloud aol gmx web protonmail zoho yandex qq smtp imap pop html text")
)
_ANSWERS = frozenset(words("ja nein oui non si nein sim nao tak nie ano evet hayir da net ya tidak optin optout"))
_LOGIN = re.compile(r"[a-z][a-z0-9]*(?:[._\-][a-z0-9]+)*")


def _login(cell: str) -> str:
    """What may be left of an address without its domain: no word, no answer, no provider's name."""
    name = cell.casefold()
    other = name in _PROVIDERS or name in _ANSWERS or name in common_words()
    return username(cell) if _LOGIN.fullmatch(name) and not other else ""


DETECTOR = Detector(
    entity=USERNAME.entity,
    cell_pattern=r"^[A-Za-z][A-Za-z0-9._\-]{2,31}$",
    cell=_login,
    names=EMAIL_ADDRESS.names,
    not_names=EMAIL_ADDRESS.not_names + words("type status group list class tag frequency plan format client"),
    near=("PERSON", "PHONE_NUMBER"),
)
