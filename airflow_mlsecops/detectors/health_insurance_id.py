"""Numbers by which health insurers know persons: member, subscriber, beneficiary and policy numbers, by name.

A ``member_id`` may be a club's or a gym's: it counts only with health in the same table.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words


def _number(cell: str) -> str:
    number = re.sub("[^0-9A-Za-z]", "", cell.removesuffix(".0")).upper()
    return number if sum(map(str.isdigit, number)) >= 3 else ""


DETECTOR = Detector(
    entity=Entity(
        name="HEALTH_INSURANCE_ID",
        title="health insurance number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("HIPAA", "GDPR"),
    ),
    cell_pattern=r"^[0-9A-Za-z][0-9A-Za-z ._/\-]{3,39}$",
    cell=_number,
    common=0.33,
    names=words("""
        health_insurance health_insurance_id health_insurance_number health_insurance_no health_plan_id
        health_plan_number health_plan_beneficiary_number health_card health_card_number health_care_number
        healthcare_number healthcare_id insurance_id insurance_number insurance_no insurance_member_id
        insurance_policy_number insurance_subscriber_id medicare_id medicare_number medicare_no medicare_card
        medicare_beneficiary_id mbi hicn hic_number medicaid_id medicaid_number beneficiary_id bene_id desynpuf_id
        payer_member_id carecard ohip ohip_number ramq ihi_number krankenversicherungsnummer krankenkassennummer
        versichertennummer versicherten_nr versichertennr kvnr krankenversichertennummer kv_nummer egk_nummer
        numero_assurance_maladie carte_vitale numero_assure numero_seguro_medico numero_afiliado tarjeta_sanitaria
        numero_tarjeta_sanitaria cartao_sus cns_sus numero_sus carteirinha numero_carteirinha tessera_sanitaria
        numero_tessera_sanitaria zorgpas zorgverzekeringsnummer polisnummer_zorg numer_ubezpieczenia sigorta_no
        полис_омс омс полис 医保号 医保卡号 保険証番号 被保険者番号 건강보험증번호 رقم_التأمين_الصحي
    """),
    hints=words("""
        member_id member_number member_no subscriber_id policy_number policy_no policy_id insured_id
        plan_id
    """),
    not_names=(*FLAGS, *words("car vehicle auto home travel provider_name company name premium amount age plan_name")),
    near=("HEALTH_CONDITION", "ICD_CODE", "MEDICATION", "MEDICAL_RECORD_NUMBER", "US_NPI", "MEDICAL_TREATMENT"),
)
