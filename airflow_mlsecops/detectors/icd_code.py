"""Codes of diseases: ICD-10 (``E11.9``), its US and German editions, and ICD-9 where the column's name says so (WHO).

Without its point ``A12`` is a seat or a part, and ``250.00`` a number: values alone must be letters with a point.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

# The last category of each letter's chapters; U holds codes for special purposes.
_LAST = dict(
    zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (99, 99, 97, 89, 90, *[99] * 2, 95, 99, 99, 95, *[99] * 15), strict=True)
)
_POINTED = re.compile(r"([A-Z])([0-9][0-9AB])\.[0-9A-Z-]{1,4}[!*+†]?")
# C7A, M1A, O9A: letters go on where digits ended.
_AS_DIGIT = str.maketrans("AB", "00")


def _is_code(cell: str) -> bool:
    match = _POINTED.fullmatch(cell)
    return match is not None and int(match[2][0] + match[2][1].translate(_AS_DIGIT)) <= _LAST[match[1]]


DETECTOR = Detector(
    entity=Entity(
        name="ICD_CODE",
        title="code of a disease (ICD)",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"^[A-Za-z][0-9][0-9AB](?:\.?[0-9A-Za-z\-]{1,4})?[!*+†]?$|^[0-9]{1,3}(?:\.[0-9]{1,2})?$|^[EV][0-9]{2,4}(?:\.[0-9]{1,2})?$"
    r"|^[0-9]{4,5}$",
    cell=lambda cell: cell.replace(".", "").upper(),
    known=_is_code,
    common=0.002,
    names=words("""
        icd icd9 icd10 icd_code icd9_code icd10_code icd_10 icd_9 icdcode icd_9_cm icd_10_cm icd10cm icd9cm
         diagnosis_code diagnosiscode diagnosis_codes diag_code diag_cd diag_1 diag_2 diag_3 diag
        dx_code dx_cd dx1 dx_icd dgns_cd icd_dgns_cd admtg_dgns_cd diagnose_code diagnosecode diagnoseschluessel
        icd_schluessel code_diagnostic code_cim code_cim10 cim10 codigo_diagnostico codigo_cie codigo_cie10 cie10
        cie_10 cid10 cid_10 codigo_cid codice_diagnosi codice_icd kod_icd kod_choroby icd_kodu tani_kodu код_мкб мкб
        мкб_10 疾病编码 诊断编码 傷病コード
    """),
    hints=words("code diagnosis condition_code reason_code dx disease_code cause_of_death_code"),
    not_names=words("description desc name text seat part version model shelf zone postcode count type"),
    near=("MEDICAL_RECORD_NUMBER", "HEALTH_CONDITION", "PERSON", "US_NPI", "SNOMED_CODE"),
)
