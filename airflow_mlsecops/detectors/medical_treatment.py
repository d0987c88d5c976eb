"""Procedures, admissions and other care that a person was given, in columns named so.

``treatment`` is an arm of an experiment and ``procedure`` a stored one: there the words decide.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, lettered, mentions, vocabulary

_WORDS = vocabulary("""
    surgery|chemotherapy|radiotherapy|radiation therapy|radiation|dialysis|hemodialysis|transplant|transplantation
    biopsy|physical therapy|physiotherapy|psychotherapy|cognitive behavioral therapy|immunotherapy|hormone therapy
    transfusion|blood transfusion|anesthesia|intubation|mechanical ventilation|catheterization|angioplasty
    coronary bypass|bypass surgery|pacemaker|stent|cesarean section|caesarean section|c section|knee replacement
    hip replacement|vaccination|x ray|xray|mri|mri scan|ct scan|ultrasound|mammogram|mammography|electrocardiogram|ecg
    ekg|eeg|blood test|urinalysis|suture|root canal|tooth extraction|dental cleaning|acupuncture|rehabilitation
    debridement|medication reconciliation|strahlentherapie|chemotherapie|operation|radiotherapie|chirurgie
    quimioterapia|cirugia|cirurgia|chemioterapia|intervento chirurgico|化疗|手术|放疗|手術|透析|химиотерапия|операция
""")
_ENDING = re.compile("[a-z]{4,}(?:ectomy|ostomy|otomy|oplasty|oscopy|ography|centesis|pexy|ektomie|oskopie|ectomie)")
_NO_CARE = frozenset(
    words("""
        photography geography biography cinematography typography bibliography choreography demography cartography
        calligraphy topography cryptography pornography videography lexicography oceanography stenography
        autobiography discography filmography scenography ethnography dichotomy anatomy
    """)
)


def _is_care(cell: str) -> bool:
    endings = (word for word in folded(cell).split()[:12] if word not in _NO_CARE)
    return mentions(cell, _WORDS, longest=3) or any(map(_ENDING.fullmatch, endings))


DETECTOR = Detector(
    entity=Entity(
        name="MEDICAL_TREATMENT",
        title="medical treatment",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"^[^\n@]{2,300}$",
    cell=lettered,
    known=_is_care,
    common=0.002,
    names=words("""
        medical_procedure procedure_name procedure_description medical_treatment treatment_plan treatment_received
        treatment_type surgery surgeries surgery_type surgical_history surgical_procedure operation_performed
        admission_type type_of_admission medical_test medical_tests test_performed lab_test triage_level
        clinical_notes clinical_note doctor_notes physician_notes nurse_notes medical_notes discharge_summary
        discharge_disposition hospitalization hospitalisation behandlung therapie eingriff operationen
        entlassungsgrund traitement intervention_chirurgicale acte_medical compte_rendu_medical tratamiento cirugia
        procedimiento_medico tratamento procedimento_medico trattamento intervento_chirurgico behandeling ingreep
        leczenie zabieg tedavi ameliyat behandling лечение операция_пациента 治疗 手术 治療 手術 치료 العلاج उपचार
        tratamientos tratamiento_indicado procedimientos procedimiento_quirurgico intervencion_quirurgica cirugias
        internacao internacoes cirurgia cirurgias procedimentos terapia_consigliata intervento prestazione_sanitaria
        ricovero behandlungen heilbehandlung operation_art therapien soins acte_chirurgical notas_evolucion
        nota_evolucion notas_clinicas evolucion_clinica evolucao_clinica tindakan tindakan_medis perawatan
        phau_thuat dieu_tri mutet kezeles kezelesek lecba lekarsky_zakrok operace tratament interventie lijecenje
        θεραπεια επεμβαση טיפול_רפואי ניתוח การรักษา การผ่าตัด 시술 수술명 처치 العملية_الجراحية نوع_العلاج
        درمان جراحی лечение_назначенное лікування операції
        op_art op_verfahren chirurgie operatie ingrepp inngrep indgreb hoito leikkaus meðferð aðgerð zakrok liecba
        zdravljenje lecenje лечење operatsioon arstniecibas arstesana gydymas χειρουργειο ameliyatlar yapilan_ameliyat
        назначенное_лечение pengobatan rawatan pembedahan phuong_phap_dieu_tri paggamot
        处置 処置 治疗方案 수술 처치명 ผ่าตัด इलाज
        सर्जरी طريقة_العلاج tractament tractaments behandlungsplan procedimento_cirurgico
    """),
    hints=words("""
        treatment procedure therapy operation service description intervention exam test event cura procedimento
        procedimiento intervencion terapia terapija operasjon toimenpide operacja operacia operacija operace poseg
        zahvat захват beavatkozas операция операція процедура назначения procedura operasi operasyon العملية טיפול
        protseduur islem procedure_desc
    """),
    not_names=words("code id group arm count date cost price control water surface heat stored sql api medicare"),
    near=("HEALTH_CONDITION", "MEDICATION", "PERSON", "DATE_OF_BIRTH", "MEDICAL_RECORD_NUMBER"),
)
