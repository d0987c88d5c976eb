"""National Provider Identifiers of the United States: ten digits that begin with 1 or 2, Luhn with the prefix 80840.

(45 CFR 162.406.) Seconds since 1970 begin so too, and one number in ten passes: single cells need the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_TEN = re.compile(r"(?<![0-9])[12][0-9]{9}(?![0-9])")
# What the prefix 80840 adds to the sum.
_PREFIX = 24


def _numbers(run: str) -> Iterator[Span]:
    for match in _TEN.finditer(run):
        if _is_npi(match[0]):
            yield *match.span(), match[0]


def _is_npi(cell: str) -> bool:
    digits = cell.removesuffix(".0")
    if _TEN.fullmatch(digits) is None:
        return False
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (_PREFIX + doubled + sum(map(int, digits[::-2]))) % 10 == 0


DETECTOR = Detector(
    entity=Entity(
        name="US_NPI",
        title="US health care provider number (NPI)",
        role=Role.DIRECT,
        level=Level.CONFIDENTIAL,
        tags=("HIPAA",),
    ),
    pattern=r"\b(?:NPI|npi|Npi|(?i:national provider (?:identifier|id)))(?: (?i:number|no\.?))?[ :=#]{1,3}"
    r"[12][0-9]{9,}",
    find=_numbers,
    checked=True,
    cell_pattern=r"^[0-9]{10}(?:\.0)?$",
    cell=lambda cell: cell.removesuffix(".0"),
    known=_is_npi,
    common=0.0005,
    names=words("""
        npi npi_number npi_no provider_npi prescriber_npi prscrbr_npi rndrng_npi physician_npi referring_npi
        attending_npi national_provider_identifier national_provider_id nppes_npi
    """),
    hints=words("provider provider_id physician_id prescriber prescriber_id doctor_id"),
    not_names=tuple(word for word in FLAGS if word != "provider"),
    near=("PERSON", "MEDICAL_LICENSE", "DRUG_CODE"),
)
