"""Postcodes of five digits, of two and three (Poland), three and two (Czechia) or three and four (Japan), by values.

Five digits are numbers of anything: without the town and the street beside them they say nothing. Tables of several
countries have codes with letters among them.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.postcode import DETECTOR as POSTCODE
from airflow_mlsecops.detectors.postcode import is_lettered

_KNOWN = re.compile("[0-9]{5}|[0-9]{2}-[0-9]{3}|[0-9]{3}-[0-9]{4}|[0-9]{3} [0-9]{2}")


# Salaries and limits end so nearly all, postcodes of towns now and then.
_ROUND = "00"


def _is_known(cell: str) -> bool:
    return is_lettered(cell) or (_KNOWN.fullmatch(cell) is not None and not cell.endswith(_ROUND))


def _number(cell: str) -> str:
    return cell.replace("-", "").replace(" ", "").upper() if _KNOWN.fullmatch(cell) or is_lettered(cell) else ""


DETECTOR = Detector(
    entity=POSTCODE.entity,
    cell_pattern=r"^[0-9A-Za-z]{2,4}[ \-]?[0-9A-Za-z]{2,4}$",
    cell=_number,
    known=_is_known,
    common=0.03,
    names=words("zip5 zip_five zip_digits five_digit_zip plz5 cap5"),
    not_names=POSTCODE.not_names,
    near=("STREET_ADDRESS", "LOCATION", "PHONE_NUMBER"),
)
