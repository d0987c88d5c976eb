"""Names with a number behind or before them where no column name says anything: streets, beside persons and towns.

``Vašátkova 645`` has no word for street. Rooms, groups and products are words and numbers too: ordinary words do not
count, and two of the columns that stand beside addresses have to be there.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._gazetteer import common_words
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.street_address import DETECTOR as STREET_ADDRESS

_NUMBER = r"[0-9]{1,4}(?:[/-][0-9]{1,4})? ?[a-zA-Z]?"
_NAME = r"([^\W\d_][^\d_@#:/]{2,40}?)"
_STREET = re.compile(rf"{_NAME},? (?:n[°ºor.]*)? ?{_NUMBER}(?:,.{{0,80}})?|{_NUMBER},? {_NAME}(?:,.{{0,80}})?")
_WORD = re.compile(r"[^\W\d_]{2,}")


def _is_known(cell: str) -> bool:
    match = _STREET.fullmatch(cell)
    if match is None or (match[2] and _is_measure(match[2])):
        return False
    named = _WORD.findall((match[1] or match[2]).casefold())
    return any(len(word) > 3 and word not in common_words() for word in named)


def _is_measure(name: str) -> bool:
    """True for what is counted sooner than a street is named: ``420 kcal``, ``4 Portionen``, ``2 cloves garlic``."""
    return name[0].islower() or len(_WORD.findall(name)) < 2


DETECTOR = Detector(
    entity=STREET_ADDRESS.entity,
    cell_pattern=r"^[^@#:_|]{5,120}$",
    cell=spelling,
    known=_is_known,
    common=0.04,
    hints=words("premises headquarters hq office lieu wohnort naslov situs ul"),
    not_names=STREET_ADDRESS.not_names,
    near=("PERSON", "POSTCODE", "LOCATION", "PHONE_NUMBER", "EMAIL_ADDRESS"),
)
