"""Level of education of persons: degrees and schools in several languages, in columns named so or by the words."""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, mentions, vocabulary

_WORDS = vocabulary("""
    high school|highschool|hs grad|high school graduate|some high school|some college|bachelor|bachelors|bachelor s
    bachelors degree|master|masters|master s|masters degree|doctorate|doctoral|phd|ph d|mba|bsc|msc|b sc|m sc|b tech
    m tech|btech|mtech|associate degree|associates degree|associate s|assoc acdm|assoc voc|prof school
    professional degree|graduate|undergraduate|postgraduate|post graduate|graduation|some graduate|college degree
    primary education|secondary education|tertiary education|primary school|secondary school|elementary school
    middle school|lower secondary|upper secondary|vocational training|university degree|preschool|ged|diploma|11th
    12th|10th|9th|7th 8th|5th 6th|1st 4th|basic 4y|basic 6y|basic 9y|professional course|illiterate|no schooling
    uneducated|primary|secondary|tertiary|abitur|hauptschule|realschule|mittlere reife|fachabitur|fachhochschulreife
    hochschulreife|hochschulabschluss|promotion|ausbildung|baccalaureat|licence|bac|brevet|doctorat|maitrise|primaria
    secundaria|bachillerato|licenciatura|maestria|doctorado|universitario|ensino medio|ensino fundamental
    ensino superior|mestrado|doutorado|graduacao|pos graduacao|licenza media|diploma superiore|laurea|dottorato|mbo
    hbo|vwo|havo|vmbo|basisonderwijs|podstawowe|srednie|wyzsze|ilkokul|ortaokul|lise|universite|lisans|среднее|высшее
    среднее специальное|неоконченное высшее|本科|大专|硕士|博士|高中|初中|小学|中专|大卒|高卒|大学院卒
""")
_LEVEL = re.compile(r"[0-9]{1,2}(?:\.[0-9]+)?")


def _level(cell: str) -> str:
    spelt = folded(cell)
    return spelt if _LEVEL.fullmatch(cell) or sum(map(str.isalpha, spelt)) > 1 or not spelt.isascii() else ""


DETECTOR = Detector(
    entity=Entity(
        name="EDUCATION_LEVEL",
        title="level of education",
        role=Role.QUASI,
        level=Level.INTERNAL,
        tags=("GDPR", "FERPA"),
    ),
    cell_pattern=r"^[^\n@]{1,80}$",
    cell=_level,
    known=lambda cell: mentions(cell, _WORDS, longest=3),
    common=0.005,
    names=words("""
        education education_level educational_level educationlevel highest_education education_num educ edu_level
        education_status education_attained level_of_education parental_level_of_education educational_attainment
        highest_degree degree_level highest_qualification qualification academic_qualification schooling_years
        years_of_education bildung bildungsstand bildungsabschluss schulabschluss hochster_abschluss niveau_etudes
        niveau_d_etudes niveau_etude diplome nivel_educativo nivel_estudios nivel_de_estudios escolaridad escolaridade
        grau_instrucao grau_de_instrucao titolo_di_studio istruzione opleiding opleidingsniveau wyksztalcenie
        wykształcenie egitim egitim_durumu utbildning uddannelse utdanning образование 学历 最終学歴 学歴 학력
        المستوى_التعليمي शिक्षा pendidikan
        highest_qual highest_education_level bildungsgrad schulbildung niveau_scolaire nivel_instruccion grado_academico
        formacion_academica habilitacoes habilitacoes_literarias nivel_de_ensino kwalifikasie onderwysvlak
        hoogste_opleiding utbildningsniva utdanningsniva uddannelsesniveau koulutus koulutustaso tutkinto menntun
        menntunarstig poziom_wyksztalcenia stopien_naukowy vzdelani vzdelanie nejvyssi_vzdelani najvyssie_vzdelanie
        izobrazba stopnja_izobrazbe obrazovanje strucna_sprema образовање стручна_спрема vegzettseg iskolai_vegzettseg
        studii nivel_studii educatie εκπαιδευση μορφωτικο_επιπεδο ogrenim_durumu mezuniyet mezuniyet_durumu освіта
        haridus haridustase izglitiba issilavinimas hoc_van
        trinh_do_hoc_van bang_cap edukasyon antas_ng_edukasyon 文化程度
        教育程度 學歷 최종학력 교육수준 การศึกษา ระดับการศึกษา วุฒิการศึกษา शैक्षणिक_योग्यता المؤهل_العلمي المؤهل التعليم השכלה
        רמת_השכלה تحصیلات مدرک_تحصیلی nivell_d_estudis estudis
    """),
    hints=words("""
        degree graduate academic study_level studies diploma formation formacao opvoeding trinh_do studium studie
    """),
    not_names=words("""
        expenditure spending budget index count rate pct percent institution special field department cost
    """),
    near=("PERSON", "AGE", "GENDER", "OCCUPATION"),
)
