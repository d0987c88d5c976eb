"""Vaccinations of persons, in columns named so or by the vaccine: numbers above a few doses are a country's."""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import answered, mentions, vocabulary

_VACCINES = vocabulary("""
    pfizer|pfizer biontech|biontech|comirnaty|moderna|spikevax|astrazeneca|vaxzevria|covishield|janssen|novavax
    sputnik v|sinovac|sinopharm|coronavac|covaxin|mmr|dtap|tdap|bcg|hpv vaccine|gardasil|shingrix|zostavax|prevnar
    varicella|rotavirus|hepatitis b vaccine|hep b|hepb|hep a|influenza vaccine|influenza seasonal|flu shot
    polio vaccine|opv|ipv|hib|pneumococcal|meningococcal|yellow fever vaccine|typhoid vaccine|rabies vaccine
    vaccinated|unvaccinated|fully vaccinated|partially vaccinated|geimpft|ungeimpft|vaccine|zoster|td adult
""")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.{0,20}|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|[0-9]")


def _vaccination(cell: str) -> str:
    return cell if _DATE.fullmatch(cell) else answered(cell)


DETECTOR = Detector(
    entity=Entity(
        name="VACCINATION",
        title="vaccination",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"^[^\n@]{1,120}$",
    cell=_vaccination,
    known=lambda cell: mentions(cell, _VACCINES),
    common=0.001,
    names=words("""
        vaccine vaccines vaccine_name vaccine_type vaccine_manufacturer vaccinated is_vaccinated vaccination
        vaccinations vaccination_status vaccination_date vaccine_date immunization immunizations immunisation
        immunization_status immunization_date vaccine_dose dose_1_vaccine booster_dose booster_date covid_vaccine
        flu_shot flu_vaccine impfung impfungen impfstoff impfstatus impfdatum geimpft vaccin vaccins vacuna vacunas
        vacunado vacunacion vacina vacinas vacinado vaccino vaccini vaccinato vaccinatie gevaccineerd szczepienie
        szczepionka asi_durumu asi_tarihi vaccinering vaksine вакцина вакцинация прививка 疫苗 接种 ワクチン 予防接種
        백신 تطعيم لقاح टीका
        vaccinazione vaccinazioni inenting ingeent vaccinerad vaksinert vaksinasjon vaccineret rokote rokotus rokotettu
        bolusetning boluefni zaszczepiony zaszczepiona ockovani vakcina vakciny ockovan ockovany ockovanie cepivo
        cepljenje cijepljen cjepivo cijepljenje вакцинисан oltas oltasok oltott vedooltas vaccinat ваксина ваксиниран
        ваксинация εμβολιο εμβολια εμβολιασμος εμβολιασμενος asi_adi asilar asili asi_turu привит прививки вакцинован
        щеплення vaktsiin vaktsineeritud vaktsineerimine vakcinacija vakcinets vakcinacijas skiepai skiepas vaksin
        vaksinasi imunisasi vac_xin tiem_chung mui_tiem da_tiem bakuna
        bakunado 接種 접종 접종일 예방접종 접종여부 วัคซีน ฉีดวัคซีน
        टीकाकरण اللقاح التطعيم תאריך_חיסון חיסון חיסונים מחוסן واکسن واکسیناسیون vacunat
    """),
    hints=words("""
        description immunity dose shot product booster asi dosis
    """),
    not_names=words("""
        total people per_hundred per_million daily pct percent rate coverage country capacity stock
        lots
    """),
    near=("PERSON", "DATE_OF_BIRTH", "AGE", "GENDER", "HEALTH_CONDITION"),
)
