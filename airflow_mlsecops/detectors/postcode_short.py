"""Postcodes of four digits (Switzerland, Austria, Belgium, Denmark, …) or six (Russia, India, China), by values.

So many digits are a year, a price or a key: a column of them counts where two of the others that make an address stand
beside it, and years and round numbers do not count.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.postcode import DETECTOR as POSTCODE

_CODE = re.compile("[1-9][0-9]{3}|[1-8][0-9]{5}")
_YEAR = re.compile("19[4-9][0-9]|20[0-4][0-9]")


def _code(cell: str) -> str:
    return cell if _CODE.fullmatch(cell) else ""


DETECTOR = Detector(
    entity=POSTCODE.entity,
    cell_pattern=r"^(?:[0-9]{4}|[0-9]{6})$",
    cell=_code,
    known=lambda cell: _CODE.fullmatch(cell) is not None and _YEAR.fullmatch(cell) is None,
    common=0.08,
    least=0.95,
    # An area, a district or a location of four digits is as often a size or a key.
    hints=words("post outward cp"),
    not_names=POSTCODE.not_names,
    near=("STREET_ADDRESS", "LOCATION", "PHONE_NUMBER"),
)
