"""Codes of medicines: NDC (US, ``0002-1433-80``), ATC (WHO, ``C09AA05``), and RxNorm, PZN and others by name.

A part number may have the shape of an NDC's: without the name a column of its rarer forms, or of ATC's, must say so.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_KNOWN = re.compile(
    r"[ABCDGHJLMNPRSV][01][0-9][A-Z]{2}[0-9]{2}|[0-9]{5}-[0-9]{4}-[0-9]{1,2}|[0-9]{5}-[0-9]{3}-[0-9]{2}"
    r"|[0-9]{4}-[0-9]{4}-[0-9]{2}"
)

DETECTOR = Detector(
    entity=Entity(
        name="DRUG_CODE",
        title="code of a medicine",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("HIPAA", "GDPR-9"),
    ),
    cell_pattern=r"^[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}$|^[0-9]{5,11}(?:\.0)?$|^[A-Za-z][0-9]{2}[A-Za-z]{1,2}(?:[0-9]{2})?$"
    r"|^PZN[ \-]?[0-9]{7,8}$",
    cell=lambda cell: cell.removesuffix(".0").replace("-", "").upper(),
    known=lambda cell: _KNOWN.fullmatch(cell) is not None,
    common=0.004,
    names=words("""
        ndc ndc_code ndc_number ndc11 ndc_11 ndc9 ndc_9 ndc_id national_drug_code drug_code drug_ndc medication_code
        rxnorm rxnorm_code rxcui rx_cui atc atc_code atccode atc_kod code_atc codigo_atc codice_atc gpi_code pzn
        pharmazentralnummer cip13 code_cip codigo_nacional_medicamento aic_code jan_drug_code код_атх 药品编码
        医薬品コード
    """),
    hints=words("code product_code prod_srvc_id drug medication"),
    not_names=words("count description desc name version"),
    near=("MEDICATION", "US_NPI", "MEDICAL_RECORD_NUMBER", "HEALTH_CONDITION"),
)
