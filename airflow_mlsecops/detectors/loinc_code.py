"""LOINC codes of laboratory tests and clinical observations: up to five digits, a hyphen and a check digit (mod 10).

(Regenstrief Institute, LOINC Users' Guide, appendix C: Luhn.) Scores and ranges such as ``21-14`` fail it mostly.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_CODE = re.compile("[0-9]{3,7}-[0-9]")


def _is_code(cell: str) -> bool:
    if _CODE.fullmatch(cell) is None:
        return False
    digits = cell.replace("-", "")
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[::-2]))) % 10 == 0


DETECTOR = Detector(
    entity=Entity(
        name="LOINC_CODE",
        title="code of a laboratory test (LOINC)",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"^(?:LP|LA|LL)?[0-9]{1,7}-[0-9]$",
    known=_is_code,
    common=0.0005,
    names=words("loinc loinc_code loinc_num loinc_number loinc_id lab_code_loinc codigo_loinc code_loinc"),
    hints=words("code test_code lab_code observation_code component"),
    not_names=words("count version name"),
    near=("VITAL_SIGN", "SNOMED_CODE", "HEALTH_CONDITION", "MEDICAL_RECORD_NUMBER"),
)
