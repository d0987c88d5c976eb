"""Ages of persons in years, or brackets of them (``31-40``, ``65+``), in columns named so.

Numbers up to 122 are everywhere: the values prove nothing. Standardised ages are fractions around nought; years of
birth stand under the same names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._vocabulary import folded, vocabulary

_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?")
# A year of birth in a column of ages tells more, not less.
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:\.0+)?")
_STAGES = vocabulary("""
    child|children|teen|teenager|adolescent|young|young adult|youth|adult|middle aged|middle age|senior|elderly|old
    infant|baby|toddler|newborn|under|over|years|year|yrs|yr|y|yo|to|and|or|older|above|below|plus|less than|more than
    year old|years old|and over|and under|and above|or older|or more|or above|and older|under age|jahre|ans|anos|anni
    jaar|lat|tahun|thn|th|tuoi|godina|let|rokov|ev|yas|vuotta|ar|åringar|aar|лет|года|років|岁|歳|세|साल|سنة
""")
_TOLD = re.compile(
    r"\b([1-9][0-9]?|1[01][0-9])(?:[ -](?:years?|yrs?|yr)\.?[ -](?:old|of age)| ?(?:y/o|yo|y\.o\.))\b"
    r"|\b(?:aged|age of|(?:just|recently) turned|(?:I'll|will) turn|i'm|I am) ([1-9][0-9]|1[01][0-9])\b"
    r"(?![%°:.,]?[0-9%°])(?! ?(?:%|°|degrees|percent|points|pages|hours|minutes|days|weeks|months|am\b|pm\b))"
    r"(?! ?(?:cm|kg|lbs?|inches|feet|'))",
    re.IGNORECASE,
)
_MONTH, _OLDEST = 0.08, 122


def _age(cell: str) -> str:
    if _YEAR.fullmatch(cell):
        return cell[:4]
    ages = [float(number) for number in _NUMBER.findall(cell)]
    rest = folded(_NUMBER.sub(" ", cell))
    if rest and rest not in _STAGES:
        return ""
    if not all(age == 0 or _MONTH <= age <= _OLDEST for age in ages):
        return ""
    return f"{ages[0]:g}" if len(ages) == 1 and not rest else folded(cell)


def _told(text: str) -> Iterator[Span]:
    for match in _TOLD.finditer(text):
        yield *match.span(match.lastindex or 0), match[match.lastindex or 0]


DETECTOR = Detector(
    entity=Entity(name="AGE", title="age", role=Role.QUASI, level=Level.INTERNAL, tags=("GDPR", "HIPAA")),
    cell_pattern=r"^(?:19|20)[0-9]{2}(?:\.0{1,2})?$"
    r"|^[<>≤≥=\[( ]{0,4}[0-9]{1,3}(?:\.[0-9]{1,20})?[^0-9\n]{0,16}(?:[0-9]{1,3})?[^0-9\n]{0,12}$"
    r"|^(?i:(?:young|middle|old|under|over|teen|child|adult|senior|elderly|infant|adolescent|youth)[a-z0-9 \-]{0,16})$",
    cell=_age,
    names=words("""
        age ages age_years age_yrs age_in_years years_old how_old how_old_are_you patient_age customer_age client_age
        age_at_diagnosis age_at_death age_at_enrollment age_at_admission person_age person_emp_age driver_age
        age_group agegroup age_range agerange age_bracket age_band age_category agecat age_cat age_class alter
        lebensalter altersgruppe edad edades grupo_edad rango_edad idade faixa_etaria age_du_patient tranche_age
        tranche_d_age eta fascia_eta leeftijd leeftijdsgroep leeftijdscategorie wiek grupa_wiekowa yas yas_grubu alder
        aldersgruppe vozrast возраст 年龄 年齡 年齢 年龄段 年代 나이 연령 العمر उम्र आयु umur usia tuoi do_tuoi
        umur_tahun usia_tahun tuoi_benh_nhan eletkor vek varsta starost ikä ηλικια גיל อายุ 나이대 연령대 سن
        السن عمر возраст_лет вік edad_paciente edad_anos idade_paciente idade_anos eta_paziente eta_anni age_patient
        alter_jahre leeftijd_jaar wiek_pacjenta yasi hasta_yasi yas_araligi
        ouderdom aldur godine_starosti godina_starosti starosna_dob dob_pacijenta старост возраст_пациента полных_лет
        возр возрастная_группа eletkora koreves възраст възраст_години ilikia vanus vanus_aastates vanuseruhm vecums
        vecums_gados vecuma_grupa amzius amziaus_grupe gulang ねんれい
        年齢層 만나이 edat edat_anys leeftijdsklasse ikaryhma
        vekova_skupina korcsoport ηλικιακη_ομαδα वयस 岁数 年紀 vek_v_letech vek_roky alter_bei_aufnahme
    """),
    not_names=(
        *FLAGS,
        *words("average account tenure car vehicle house building company days stone bronze ice group_size property"),
        *words("home firm"),
        *words("listing domain equipment machine tree stand oldest youngest rating restriction limit minimum"),
        *words("min max star hoststar planet galaxy"),
        # Words that end alike, and would be parted.
        *words("postage linkage hostage hostages shortage shortages outage outages passage lineage forage pilotage"),
    ),
    near=("PERSON", "GENDER", "DATE_OF_BIRTH"),
    prose=_told,
)
