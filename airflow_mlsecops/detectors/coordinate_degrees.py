"""One of two coordinates in decimal degrees, in columns named after them or beside the places that they are of.

Four to eight decimals are between ten metres and a millimetre: measurements have fewer, computed numbers more.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.coordinates import DETECTOR as GEO_COORDINATES

_DEGREES = re.compile(r"[+-]?([0-9]{1,3})[.,][0-9]{4,8}")


def _is_precise(cell: str) -> bool:
    match = _DEGREES.fullmatch(cell)
    return match is not None and 1 <= int(match[1]) <= 179


def _degrees(cell: str) -> str:
    """Degrees, or millionths to ten-millionths of them, which whole numbers are where the column is named so."""
    number = cell.replace(",", ".")
    degrees = float(number) if "." in number else float(number) / 1e7
    return f"{degrees:g}" if abs(degrees) <= 180 else ""


DETECTOR = Detector(
    entity=GEO_COORDINATES.entity,
    cell_pattern=r"^[+-]?[0-9]{1,3}[.,][0-9]{1,20}$|^[+-]?[0-9]{7,10}$",
    cell=_degrees,
    known=_is_precise,
    common=0.03,
    names=words("""
        decimal_latitude decimal_longitude decimallatitude decimallongitude lat_dd lon_dd long_dd lat_wgs lon_wgs

        latitude_e7 longitude_e7 lat_e7 lon_e7 lng_e7 latitudee7 longitudee7 wgs_lat wgs_lon x_wgs y_wgs
        latitude_deg longitude_deg latitude longitude lat lon lng latitude_e6 longitude_e6 lat_e6 lon_e6 lng_e6
    """),
    hints=words("""
        long
    """),
    not_names=GEO_COORDINATES.not_names,
    near=("STREET_ADDRESS", "LOCATION", "POSTCODE", "PHONE_NUMBER"),
)
