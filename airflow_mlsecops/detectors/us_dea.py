"""Registration numbers of the US Drug Enforcement Administration: two letters and seven digits, the last a check digit.

First, third and fifth digit, and twice the sum of second, fourth and sixth (21 CFR 1301). One number in ten passes:
single cells count only after the word. The second letter is the surname's first, or 9 for businesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_NUMBER = re.compile(r"(?<![0-9A-Za-z])[ABCDEFGHJKLMPRSTUXabcdefghjklmprstux][A-Za-z9][0-9]{7}(?![0-9A-Za-z])")


def _numbers(run: str) -> Iterator[Span]:
    for match in _NUMBER.finditer(run):
        if _is_number(match[0]):
            yield *match.span(), match[0].upper()


def _is_number(cell: str) -> bool:
    if _NUMBER.fullmatch(cell) is None:
        return False
    digits = [int(digit) for digit in cell[2:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


DETECTOR = Detector(
    entity=Entity(
        name="MEDICAL_LICENSE",
        title="US prescriber number (DEA)",
        role=Role.DIRECT,
        level=Level.CONFIDENTIAL,
        tags=("HIPAA",),
    ),
    pattern=r"\b(?:DEA|dea)(?: (?i:number|no\.?|registration|reg\.?))?[ :=#]{1,3}[A-Za-z][A-Za-z9][0-9]{7}[0-9A-Za-z]*",
    find=_numbers,
    checked=True,
    cell_pattern=r"^[A-Za-z][A-Za-z9] ?[0-9]{7}$",
    known=_is_number,
    common=0.0005,
    names=words("""
        dea dea_number dea_no dea_num dea_registration dea_license prescriber_dea medical_license
        medical_license_no
    """),
    hints=words("prescriber license_number licence_number provider_license"),
    not_names=(*FLAGS, *words("schedule class drug")),
    near=("US_NPI", "PERSON"),
)
