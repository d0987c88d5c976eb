"""Gender as one letter in a column whose name says nothing: M and F, and no other letter.

Sizes are S, M and L, grades and marks go from A to F: with any third letter it is something else.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.gender import DETECTOR as GENDER

_LETTERS = frozenset("mfMFмжМЖ")

DETECTOR = Detector(
    entity=GENDER.entity,
    cell_pattern=r"^[A-Za-zжмЖМ]\.?$",
    cell=lambda cell: cell.rstrip(".").casefold(),
    known=lambda cell: cell.rstrip(".") in _LETTERS,
    # Two letters of fifty, which hardly any other column has alone.
    common=0.0015,
    names=words("m_f f_m m_w w_m h_f v_m m_v gender_letter sex_letter genderletter mf mw"),
    not_names=GENDER.not_names,
)
