"""Disabilities of persons (GDPR art. 9, ADA), in columns named so: ``disabled`` alone is a switch of some software."""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, mentions, vocabulary

_WORDS = vocabulary("""
    blind|deaf|wheelchair|mobility impairment|hearing impairment|hearing impaired|visual impairment|visually impaired
    learning disability|intellectual disability|physical disability|paraplegia|quadriplegia|amputee|disabled|dyslexia
    not disabled|no disability|cognitive impairment|speech impairment|mobility|gehbehindert|schwerbehindert|blindheit
    taubheit|malvoyant|malentendant|discapacidad visual|discapacidad auditiva|deficiencia fisica|deficiencia visual
    deficiencia auditiva|cerebral palsy
""")

DETECTOR = Detector(
    entity=Entity(
        name="DISABILITY",
        title="disability",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "ADA", "HIPAA"),
    ),
    cell_pattern=r"^[^\n@]{1,120}$",
    cell=folded,
    known=lambda cell: mentions(cell, _WORDS, longest=2),
    common=0.002,
    names=words("""
        disability disabilities disability_status disability_type disability_flag has_disability is_disabled_person
        disabled_person handicap handicapped handcap impairment physical_disability special_needs disability_code
        accommodation_needs behinderung behinderungsgrad grad_der_behinderung schwerbehindert schwerbehinderung gdb
        handicape situation_handicap taux_incapacite discapacidad grado_discapacidad minusvalia deficiencia
        pessoa_com_deficiencia disabilita invalidita handicap_status beperking arbeidsongeschikt niepelnosprawnosc
        engelli engel_durumu funktionsnedsattning инвалидность группа_инвалидности 残疾 残疾类型 障害 障害者 장애
        الإعاقة विकलांगता
        pwd is_pwd differently_abled behinderungsart merkzeichen rqth taux_d_incapacite invalidite situation_de_handicap
        discapacitado discapacitada portador_deficiencia grau_deficiencia arbeidsbeperking gestremdheid gestremd
        funktionshinder funktionsvariation funksjonsnedsettelse funksjonshemming funksjonshemmet uforhet
        funktionsnedsættelse vammaisuus vamma fotlun niepelnosprawny stopien_niepelnosprawnosci
        orzeczenie_niepelnosprawnosci zdravotni_postizeni postizeni ztp ztp_p zdravotne_postihnutie stupen_invalidity
        invalidnost vrsta_invalidnosti invaliditet инвалидитет fogyatekossag fogyatek megvaltozott_munkakepesseg
        dizabilitate dizabilitati grad_handicap увреждане инвалидност телк αναπηρια ποσοστο_αναπηριας engellilik
        engel_orani engel_grubu ozur_durumu ozurlu овз інвалідність група_інвалідності puue puude_raskusaste puude_liik
        invaliditate invaliditates_grupa negalia neigalumas disabilitas difabel kecacatan oku khuyet_tat dang_khuyet_tat
        kapansanan 身心障礙 身心障碍 障礙類別 장애등급 장애유형
        장애여부 장애정도 ความพิการ ประเภทความพิการ दिव्यांग दिव्यांगता
        ذوي_الاحتياجات_الخاصة نوع_الإعاقة إعاقة מוגבלות נכות אחוזי_נכות معلولیت نوع_معلولیت discapacitat
        grau_discapacitat
        hearing_problems reading_problems speech_problems vision_problems health_problems
        hearing_problem speech_problem learning_difficulties
    """),
    hints=words("""
        disabled condition pcd pne
    """),
    not_names=words("""
        golf betting ratio share avg average number total
        district insurance_rate count pct percent rate goodwill asset loss spread league odds minus
    """),
    near=("PERSON", "GENDER", "AGE", "HEALTH_CONDITION"),
)
