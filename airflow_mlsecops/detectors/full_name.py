"""Columns of full names, by their values alone: a given and a family name in every cell are hardly ever anything else.

Single names are also towns, brands and words, so that ``person`` wants a header which hints at them; headers say whose
names they are in more words than any list holds (``Ordering party``, ``Tenor``, ``Runner-up``).
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._person_names import is_full, name_in
from airflow_mlsecops.detectors.person import DETECTOR as PERSON


def _full(cell: str) -> str:
    return name_in(cell) if is_full(cell) else ""


DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=r"^[^0-9@_\\#$%*+=<>{}\[\]~^!?:/|&]{2,80}(?: ?(?:\[[^\[\]]{0,40}\]|\*)){0,3}$",
    cell=_full,
    known=is_full,
    common=0.00024,
    not_names=PERSON.not_names,
    near=PERSON.near,
)
