"""Social Security numbers of the United States: AAA-GG-SSSS within the ranges that are issued.

Area 000, 666 and 900 to 999, group 00 and serial 0000 are never issued (SSA, "Social Security number randomization").
Nine bare digits count after the words, and in columns named so; there also shorter, since numbers lose leading zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

# A further group of digits on either side makes it another number (a phone number, a range, a list).
_GROUPED = re.compile(r"(?<![0-9])(?=([0-9]{3})([ -])([0-9]{2})\2([0-9]{4})(?![0-9]|\2[0-9]))(?<![0-9]-)(?<![0-9] )")
_WORDED = re.compile(r"[A-Za-z][^0-9]{0,6}([0-9]{9})(?![0-9])")
_DIGITS = re.compile("[^0-9]")
# Printed on advertisements, hence in every test data set: never a person's.
_ADVERTISED = frozenset({"078051120", "219099999", "457555462"})


def _numbers(run: str) -> Iterator[Span]:
    for match in _GROUPED.finditer(run):
        digits = "".join(match.group(1, 3, 4))
        if _issued(digits):
            yield match.start(1), match.end(4), digits
    for match in _WORDED.finditer(run):
        if _issued(match[1]):
            yield *match.span(1), match[1]


def _number(cell: str) -> str:
    # A column of numbers with gaps was a column of floats before it was CSV.
    digits = _DIGITS.sub("", cell.partition(".")[0]).zfill(9)
    return digits if len(digits) == 9 and len(set(digits)) > 1 else ""


def _issued(digits: str) -> bool:
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    never = area in ("000", "666") or area[0] == "9" or group == "00" or serial == "0000"
    return not never and digits not in _ADVERTISED and len(set(digits)) > 1


DETECTOR = Detector(
    entity=Entity(
        name="US_SSN",
        title="US Social Security number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("HIPAA", "CCPA", "GLBA"),
    ),
    pattern=r"[0-9 \-]*[0-9]{3}[ \-][0-9]{2}[ \-][0-9]{4}[0-9 \-]*"
    r"|(?i:ssn|social security(?: number| no)?)[^0-9]{0,6}[0-9]{9,}",
    find=_numbers,
    checked=True,
    cell_pattern=r"^[0-9]{3}[ \-]?[0-9]{2}[ \-]?[0-9]{4}$|^[0-9]{7,9}(?:\.0+)?$",
    cell=_number,
    names=words("""
        ssn ssns ssnum ssn_no ssn_number social_security social_security_number social_security_no social_security_num
        social_sec_no soc_sec soc_sec_no soc_sec_num socsec ss_no ss_num ss_number sin_ssn patient_ssn us_ssn
    """),
    hints=words("national_id nationalid tax_id taxid tin"),
    not_names=FLAGS + words("last last4 last_four"),
    near=("PERSON", "DATE_OF_BIRTH"),
)
