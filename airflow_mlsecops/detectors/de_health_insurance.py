"""German health insurance numbers (KVNR): a letter, eight digits and a check digit (SGB V section 290).

The letter counts as its two-digit place in the alphabet; weights 1 and 2 in turn, cross sums, modulo 10. One number in
ten passes: single cells count only after the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_NUMBER = re.compile(r"(?<![0-9A-Za-z])[A-Z][0-9]{9}(?![0-9A-Za-z])")


def _numbers(run: str) -> Iterator[Span]:
    for match in _NUMBER.finditer(run):
        if _is_number(match[0]):
            yield *match.span(), match[0]


def _is_number(cell: str) -> bool:
    number = cell.replace(" ", "").upper()
    if _NUMBER.fullmatch(number) is None:
        return False
    digits = f"{ord(number[0]) - 64:02d}{number[1:9]}"
    products = (int(digit) * weight for digit, weight in zip(digits, (1, 2) * 5, strict=True))
    return sum(product // 10 + product % 10 for product in products) % 10 == int(number[9])


DETECTOR = Detector(
    entity=Entity(
        name="DE_HEALTH_INSURANCE",
        title="German health insurance number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9"),
    ),
    pattern=r"\b(?i:kvnr|kv-nr\.?|krankenversicher(?:ten|ungs)-?(?:nummer|nr\.?)|versicherten-?(?:nummer|nr\.?))"
    r"[ :=#]{1,3}[A-Z][0-9]{9}[0-9A-Za-z]*",
    find=_numbers,
    checked=True,
    cell_pattern=r"^[A-Za-z] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}$",
    cell=lambda cell: cell.replace(" ", "").upper(),
    known=_is_number,
    common=0.0005,
    names=words("""
        kvnr krankenversichertennummer krankenversicherungsnummer versichertennummer versicherten_nr versichertennr
        kv_nummer kv_nr egk_nummer
    """),
    hints=words("krankenkasse versicherung versicherten_id insurance_number patient_id"),
    not_names=FLAGS,
    near=("PERSON", "DATE_OF_BIRTH"),
)
