"""SNOMED CT identifiers: 6 to 18 digits with a partition and Verhoeff's check digit (SNOMED International).

The two digits before the check digit tell what is identified: 00 and 10 concepts, 01 and 11 descriptions, 02 and 12
relationships. Of random numbers one in 160 passes.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words


def _is_identifier(cell: str) -> bool:
    from stdnum import verhoeff

    return cell.isdecimal() and cell[-3:-1] in ("00", "10", "01", "11", "02", "12") and bool(verhoeff.is_valid(cell))


DETECTOR = Detector(
    entity=Entity(
        name="SNOMED_CODE",
        title="clinical code (SNOMED CT)",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"^[1-9][0-9]{5,17}$",
    known=_is_identifier,
    common=0.0003,
    names=words("""
        snomed snomed_code snomed_ct snomed_ct_code snomed_id snomedct sctid sct_id snomed_concept snomed_concept_id
        codigo_snomed код_snomed
    """),
    hints=words("code concept_id conceptid reasoncode reason_code condition_code procedure_code diagnosis_code"),
    not_names=words("count version"),
    near=("HEALTH_CONDITION", "ICD_CODE", "LOINC_CODE", "MEDICAL_TREATMENT"),
)
