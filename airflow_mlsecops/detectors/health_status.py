"""What a person's health is asked by a tick: smoker, pregnant, blood group, drinker; columns named so.

Rooms allow smoking, and countries count smokers: only answers and groups count, no percentages.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import answered

# Grades (A+, B-) have neither AB nor 0 and O: those alone prove.
_BLOOD = re.compile(r"(?:AB|A|B|O|0) ?(?:[+-]|\((?:\+|-)\)|(?i:rh ?)?(?i:pos|neg)(?i:itive|ative)?\.?|RhD? ?[+-])")
_SMALL = re.compile("[0-9]|[1-3][0-9]")


def _status(cell: str) -> str:
    if _BLOOD.fullmatch(cell):
        return cell.upper().replace(" ", "")
    if cell in ("A", "B", "AB", "O"):
        return cell
    return cell if _SMALL.fullmatch(cell) else answered(cell)


DETECTOR = Detector(
    entity=Entity(
        name="HEALTH_STATUS",
        title="smoking, pregnancy, blood group or the like",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"^[^\n@]{1,60}$",
    cell=_status,
    known=lambda cell: _BLOOD.fullmatch(cell) is not None,
    common=0.003,
    names=words("""
        smoker smokers smoking smoke is_smoker smoking_status smoking_history smoking_habit current_smoker
        currentsmoker tobacco_use tobacco_user cigarettes_per_day cigsperday pregnant is_pregnant pregnancy
        pregnancies pregnancy_status gravida alcohol_intake alcohol_use alcoholconsumption alcohol_consumer
        heavy_drinker hvyalcoholconsump alco alcoholic drinking_status drug_use substance_use blood_type bloodtype
        blood_group bloodgroup rh_factor organ_donor menopausal_status meno last_menstrual_period lmp
        due_date_pregnancy dnr_status genhlth general_health genhealth physhlth menthlth diffwalk physical_health
        organ_transplant dialysis raucher raucherstatus schwanger schwangerschaft blutgruppe fumeur fumeuse tabagisme
        enceinte grossesse groupe_sanguin fumador fumadora tabaquismo embarazada embarazo grupo_sanguineo tipo_sangre
        tipo_sangue fumante gravidez gestante tipo_sanguineo fumatore fumatrice gravidanza gruppo_sanguigno roker
        rookt zwanger bloedgroep palacz ciaza grupa_krwi sigara hamile kan_grubu rokare gravid blodgrupp blodtype
        курение курит беременность группа_крови 吸烟 怀孕 血型 喫煙 妊娠 血液型 혈액형 흡연 فصيلة_الدم रक्त_समूह
        gruppo_sang tipo_de_sangre incinta rokend rokerstatus royker ryger tupakoi tupakointi veriryhma raskaana
        bloðflokkur reykir palacy w_ciazy kurak krevni_skupina tehotna fajciar krvna_skupina kadilec krvna_grupa pusac
        trudnica trudnoca noseca крвна_група пушач dohanyzik dohanyos vercsoport terhes fumator grupa_sanguina
        insarcinata кръвна_група бременна καπνιστης ομαδα_αιματος εγκυος курильщик беременна алкоголь група_крові
        вагітна вагітність suitsetaja veregrupp rasedus smeketajs asinsgrupa grutniece ruko kraujo_grupe nescia perokok
        merokok golongan_darah gol_darah jenis_darah hut_thuoc nhom_mau
        mang_thai naninigarilyo uri_ng_dugo buntis 饮酒 飲酒
        懷孕 吸菸 抽烟 흡연여부 임신 임신여부 음주 음주여부 กรุ๊ปเลือด หมู่เลือด สูบบุหรี่ ตั้งครรภ์ ब्लड_ग्रुप धूम्रपान गर्भवती مدخن حامل
        زمرة_الدم סוג_דם מעשן מעשנת הריון بارداری گروه_خونی سیگاری باردار grup_sanguini sigara_kullanimi rauchen
        alkoholkonsum tabac tabagique tabaco tabak
        chemotherapy radiotherapy radiation_therapy chemo hospitalized hospitalised hospitalisiert hospitalisé
        ventilated intubated mechanical_ventilation icu_admission icu_los hospital_expire_flag gestational_age
        menarche age_at_menarche birth_weight_g birthweight breastfeeding packs_per_day pack_years
        drinks_per_week alcohol_use_frequency
    """),
    hints=words("blood type group status"),
    not_names=words("""
        allowed area room policy detector alarm pct percent percentage rate prevalence per_capita tax sales price zone
        permitted law ban test_kit machine
    """),
    near=("AGE", "GENDER", "HEALTH_CONDITION", "BODY_MEASUREMENT", "VITAL_SIGN", "PERSON"),
)
