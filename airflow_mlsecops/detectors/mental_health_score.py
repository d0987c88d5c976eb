"""Scores of questionnaires on the mind and on health: PHQ-9, GAD-7, BDI, MMSE and the like, by name and number.

What a test at school or a rating of a film scores is none: the names say whose state is measured.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_SCORE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?")

DETECTOR = Detector(
    entity=Entity(
        name="HEALTH_SCORE",
        title="score of a health questionnaire",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"^[0-9]{1,3}(?:\.[0-9]{1,20})?(?: ?/ ?[0-9]{1,3})?$",
    cell=lambda cell: cell if _SCORE.match(cell) else "",
    names=words("""
        anxiety depression stress_level loneliness burnout_score
        anxiety_score anxiety_level anxiety_index depression_score depression_level depression_index mental_health_score
        mental_health_index mental_health_rating phq phq2 phq_2 phq8 phq9 phq_9 phq_total phq9_total phq_score gad gad2
        gad7 gad_7 gad_score gad7_total bdi bdi_ii bdi_score hamd ham_d ham_a madrs mmse mmse_score moca_score epds
        audit_c pcl_5 pcl5 dass dass_21 dass21 k10 k6 who5 psqi ess_score isi_score cesd ces_d hads hads_a hads_d
        adhd_score autism_score aq_score suicide_risk_score pain_score pain_level pain_scale apgar apgar_score
        glasgow_coma_score gcs_score sofa_score charlson_index charlson_score frailty_score disability_score
        nyha nyha_class severity_score symptom_score cognitive_score puntaje_ansiedad puntaje_depresion
        angst_score depressions_score score_anxiete score_depression
        stress_score escala_de_ansiedad escala_ansiedad escala_depresion punteggio_ansia punteggio_depressione
        pontuacao_depressao pontuacao_ansiedade escore_depressao escore_ansiedade depressiescore angstscore
        depressionspoang angstskar masennuspisteet skala_depresji skala_leku wynik_phq9 skore_deprese skore_uzkosti
        depresija_skor depresszio_pontszam scor_depresie депресия_скор depresyon_puani kaygi_puani anksiyete_puani
        балл_депрессии шкала_депрессии шкала_тревоги уровень_тревожности рівень_тривожності skor_depresi skor_kecemasan
        diem_tram_cam diem_lo_au 抑郁评分 焦虑评分 抑郁量表 焦虑量表 憂鬱量表
        うつスコア 不安スコア 抑うつ尺度 우울점수 불안점수 คะแนนซึมเศร้า अवसाद_स्कोर
        درجة_الاكتئاب ציון_דיכאון نمره_افسردگی
    """),
    not_names=words("id date time count country"),
    near=("AGE", "GENDER", "PERSON", "HEALTH_CONDITION"),
)
