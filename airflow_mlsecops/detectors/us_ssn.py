"""Social Security numbers of the United States: AAA-GG-SSSS within the ranges that are issued.

Area 000, 666 and 900 to 999, group 00 and serial 0000 are never issued (SSA, "Social Security number randomization").
Nine bare digits count after the words, and in columns named so; there also shorter, since numbers lose leading zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds

# A further group of digits on either side makes it another number (a phone number, a range, a list).
_GROUPED = re.compile(r"(?<![0-9])(?=([0-9]{3})([ -])([0-9]{2})\2([0-9]{4})(?![0-9]|\2[0-9]))(?<![0-9]-)(?<![0-9] )")
_WORDED = re.compile(r"[A-Za-z][^0-9]{0,6}([0-9]{9})(?![0-9])")
# A column of numbers with gaps was a column of floats before it was CSV.
_BARE = re.compile(r"([0-9]{7,9})(?:\.0+)?")
# Printed on advertisements, hence in every test data set: never a person's.
_ADVERTISED = frozenset({"078051120", "219099999", "457555462"})


def _numbers(run: str) -> Iterator[str]:
    groups = ["".join(match.group(1, 3, 4)) for match in _GROUPED.finditer(run)]
    worded = [match[1] for match in _WORDED.finditer(run)]
    bare = [match[1].zfill(9)] if (match := _BARE.fullmatch(run)) else []
    yield from filter(_issued, groups + worded + bare)


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
    named_pattern=r"^[0-9]{7,}(?:\.0+)?$",
    validate=holds(_numbers),
    values=_numbers,
    names=("ssn", "ssns", "social_security", "social_security_number", "socialsecurity", "socialsecuritynumber", "tin"),
    not_names=("last", "last4", "verified", "valid", "type", "count", "hash", "masked", "status", "flag"),
    checked=True,
)
