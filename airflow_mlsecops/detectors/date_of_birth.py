"""Dates of birth: a date in a column named so, or after the words in any text.

A date alone is a quasi-identifier: with postcode and sex it names most people (Sweeney, 2000).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds

_YEARS = range(1880, 2051)
_MONTHS = {
    word: month
    for month, words in enumerate(
        (
            *(
                "jan january januar janvier enero gennaio janeiro januari",
                "feb february februar fevrier febrero febbraio",
            ),
            *(
                "mar march marz maerz mars marzo marco maart",
                "apr april avril abril aprile",
                "may mai mayo maggio maio mei",
            ),
            *("jun june juni juin junio giugno junho", "jul july juli juillet julio luglio julho"),
            *("aug august aout agosto augustus", "sep sept september septembre septiembre settembre setembro"),
            *("oct october oktober octobre octubre ottobre outubro okt", "nov november novembre noviembre novembro"),
            "dec december dezember decembre diciembre dicembre dezembro dez dic",
        ),
        start=1,
    )
    for word in words.split()
}
_NUMERIC = re.compile(r"(?<![0-9])([0-9]{1,4})([-/. ])([0-9]{1,2})\2([0-9]{1,4})(?![0-9])")
_COMPACT = re.compile(r"(?<![0-9])([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])")
_DAY_MONTH = re.compile(
    r"(?<![0-9])([0-9]{1,2})(?:st|nd|rd|th)?[ .\-]+(?:of )?([A-Za-z]{3,10})[ .,\-]+([0-9]{4}|[0-9]{2})(?![0-9])"
)
_MONTH_DAY = re.compile(r"([A-Za-z]{3,10})[ .\-]+([0-9]{1,2})(?:st|nd|rd|th)?[ ,.\-]+([0-9]{4})(?![0-9])")
_YEAR = re.compile(r"[0-9]{4}")


def _dates(run: str) -> Iterator[str]:
    for first, _, middle, last in _NUMERIC.findall(run):
        yield from _numeric(first, middle, last)
    for year, month, day in _COMPACT.findall(run):
        yield from _date(year, month, day)
    for day, month, year in _DAY_MONTH.findall(run):
        yield from _date(year, _MONTHS.get(month.lower(), 0), day)
    for month, day, year in _MONTH_DAY.findall(run):
        yield from _date(year, _MONTHS.get(month.lower(), 0), day)
    if _YEAR.fullmatch(run) and int(run) in _YEARS:
        yield run


def _numeric(first: str, middle: str, last: str) -> Iterator[str]:
    """Year first, or last with day and month in either order; which of the two does not matter here."""
    if len(first) == 4:
        yield from _date(first, middle, last)
    elif len(last) in (2, 4):
        yield from list(_date(last, middle, first)) or list(_date(last, first, middle))


def _date(year: str, month: str | int, day: str) -> Iterator[str]:
    full = int(year) if len(year) == 4 else 1900 + int(year)
    try:
        known = date(full, int(month), int(day))
    except ValueError:
        return
    if full in _YEARS:
        yield known.isoformat()


_WORDS = (
    r"(?i:\bdob\b|\bd\.o\.b|birth[ _-]?dat|date[ _-]of[ _-]birth|birthday|\bborn\b|geboren|geburtsdatum"
    r"|nacimiento|naissance|nacid[oa]\b|nascita|nascimento)"
)

DETECTOR = Detector(
    entity=Entity(
        name="DATE_OF_BIRTH",
        title="date of birth",
        role=Role.QUASI,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    pattern=_WORDS + r"[^0-9\n]{0,24}[0-9]{1,4}(?:st|nd|rd|th)?(?:[ ,./\-]{1,2}[0-9A-Za-z]{1,10}){1,4}",
    named_pattern=r"^.*[0-9].*$",
    validate=holds(_dates),
    values=_dates,
    names=(
        *(
            "dob",
            "date_of_birth",
            "dateofbirth",
            "birth_date",
            "birthdate",
            "birthday",
            "birth_day",
            "date_birth",
            "born",
        ),
        *(
            "birth_year",
            "year_of_birth",
            "yearofbirth",
            "birthyear",
            "yob",
            "birth_dt",
            "bdate",
            "geburtsdatum",
            "geboren",
        ),
        *("geburtstag", "geburtsjahr", "fecha_nacimiento", "fecha_de_nacimiento", "fechanacimiento", "date_naissance"),
        *(
            "date_de_naissance",
            "data_nascita",
            "data_di_nascita",
            "data_nascimento",
            "data_de_nascimento",
            "geboortedatum",
        ),
    ),
    not_names=("verified", "count", "weight", "order", "rate", "place", "city", "country", "hash", "flag", "offer"),
)
