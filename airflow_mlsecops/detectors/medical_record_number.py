"""Numbers by which hospitals know their patients, in columns named so, or after ``MRN`` in any text.

No two hospitals number alike (HIPAA's Safe Harbor lists them all the same, 45 CFR 164.514(b)(2)(i)(H)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_AFTER = re.compile(r"[:=#] ?([0-9A-Z][0-9A-Z\-]{3,19})\Z")


def _numbers(run: str) -> Iterator[Span]:
    match = _AFTER.search(run)
    if match is not None and sum(map(str.isdigit, match[1])) >= 4:
        yield *match.span(1), match[1].replace("-", "")


def _number(cell: str) -> str:
    number = re.sub("[^0-9A-Za-z]", "", cell.removesuffix(".0")).upper()
    return number if any(map(str.isdigit, number)) else ""


DETECTOR = Detector(
    entity=Entity(
        name="MEDICAL_RECORD_NUMBER",
        title="medical record number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("HIPAA", "GDPR"),
    ),
    pattern=r"\b(?:MRN|Mrn|mrn|(?i:medical record (?:number|no\.?)|patient (?:number|no\.?|id))) ?[:=#] ?"
    r"[0-9A-Z][0-9A-Z\-]{3,19}",
    find=_numbers,
    cell_pattern=r"^[0-9A-Za-z][0-9A-Za-z ._/\-]{0,39}$",
    cell=_number,
    names=words("""
        mrn mrn_number medical_record medical_record_number medical_record_no medical_record_num med_rec_no
        med_record_no medrecno medicalrecordnumber medical_rec_num hospital_number hospital_no patient_number
        patient_no patient_num patientnumber patient_id patientid patient_identifier patient_mrn pat_id patid pat_no
        pt_id ptid patient_key mpi_id empi subject_id_patient chart_number chart_no health_record_number
        unit_record_number patientennummer patienten_id patientennr fallnummer krankenaktennummer numero_patient
        numero_dossier_medical ipp identifiant_patient historia_clinica numero_historia_clinica nro_historia_clinica
        numero_paciente id_paciente prontuario numero_prontuario numero_cartella_clinica cartella_clinica id_paziente
        codice_paziente patientnummer patient_nummer numer_pacjenta id_pacjenta hasta_no hasta_numarasi номер_пациента
        номер_карты_пациента 病历号 病案号 患者编号 患者番号 患者id カルテ番号 환자번호 رقم_المريض رقم_الملف_الطبي
        रोगी_आईडी
    """),
    not_names=(*FLAGS, *words("device os brand phone age name city")),
    near=("HEALTH_CONDITION", "PERSON", "DATE_OF_BIRTH", "MEDICATION", "ICD_CODE"),
)
