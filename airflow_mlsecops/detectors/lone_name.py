"""Columns of family names alone, or of given names alone, by their values, whatever their header says.

A single name is also a town, a trade or another word. But hardly any other column is full of words that are *all*
names of persons, half of which are nothing else: makes, towns and goods have some that nobody is called.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._lone_names import could_be, is_name
from airflow_mlsecops.detectors.person import DETECTOR as PERSON

DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=r"^[^0-9@_\\#$%*+=<>{}\[\]~^!?:/|&(),;\"]{1,40}$",
    cell=could_be,
    known=is_name,
    common=0.0004,
    least=0.9,
    not_names=PERSON.not_names + words("storm storms hurricane cyclone typhoon sturm orkan hurrikan tempete huracan"),
    near=PERSON.near,
)
