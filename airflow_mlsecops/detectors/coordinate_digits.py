"""One of two coordinates with all decimals that a floating-point number has, as maps on the web write them.

Computed numbers have as many, also in tables of customers with their address: two of the columns that make a place have
to stand beside these.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.coordinates import DETECTOR as GEO_COORDINATES

_DEGREES = re.compile(r"[+-]?([0-9]{1,3})[.,][0-9]{4,16}")


def _degrees(cell: str) -> str:
    match = _DEGREES.fullmatch(cell)
    return f"{float(cell.replace(',', '.')):g}" if match and 1 <= int(match[1]) <= 179 else ""


DETECTOR = Detector(
    entity=GEO_COORDINATES.entity,
    cell_pattern=r"^[+-]?[0-9]{1,3}[.,][0-9]{4,16}$",
    cell=_degrees,
    common=0.08,
    least=0.9,
    hints=words("lat lon lng long latitude longitude"),
    not_names=GEO_COORDINATES.not_names,
    near=("STREET_ADDRESS", "LOCATION", "POSTCODE", "PHONE_NUMBER"),
)
