"""Postcodes of letters and digits, by their values: British, Canadian, Irish and Dutch, whatever the header says."""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors.postcode import DETECTOR as POSTCODE
from airflow_mlsecops.detectors.postcode import is_lettered

DETECTOR = Detector(
    entity=POSTCODE.entity,
    cell_pattern=r"^[0-9A-Za-z]{2,4}[ \-]?[0-9A-Za-z]{2,4}$",
    cell=lambda cell: spelling(cell) if is_lettered(cell) else "",
    known=is_lettered,
    common=0.0008,
    not_names=POSTCODE.not_names,
    near=POSTCODE.near,
)
