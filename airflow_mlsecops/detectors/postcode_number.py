"""Postcodes of five digits, of two and three (Poland) or of three and four (Japan), where no name says so.

Five digits are numbers of anything: without the town and the street beside them they say nothing.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.postcode import DETECTOR as POSTCODE

_KNOWN = re.compile("[0-9]{5}|[0-9]{2}-[0-9]{3}|[0-9]{3}-[0-9]{4}")

DETECTOR = Detector(
    entity=POSTCODE.entity,
    cell_pattern=r"^[0-9]{2}-?[0-9]{3}$|^[0-9]{3}-[0-9]{4}$",
    cell=lambda cell: cell.replace("-", ""),
    known=lambda cell: _KNOWN.fullmatch(cell) is not None,
    common=0.05,
    names=words("zip5 zip_five zip_digits five_digit_zip plz5 cap5"),
    not_names=POSTCODE.not_names,
    near=("STREET_ADDRESS", "LOCATION"),
)
