"""Unique citizen numbers of Slovenia, Serbia, Bosnia, Montenegro and North Macedonia (EMŠO, JMBG): thirteen digits.

Source: Zakon o centralnem registru prebivalstva; JUS A.F0.020. Date of birth, region, serial and a check digit.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, weighted


def _check(number: str) -> bool:
    # Three digits of the year: 985 is 1985, 003 is 2003.
    if number[4] not in "890" or not is_day(number[5:7], number[2:4], number[:2]):
        return False
    return -weighted(number, (7, 6, 5, 4, 3, 2) * 2) % 11 % 10 == int(number[12])


DETECTOR = official(
    name="SI_EMSO",
    title="unique citizen number (EMŠO, JMBG)",
    form=r"[0-3][0-9][01][0-9][089][0-9]{8}",
    context="em[sš]o|jmbg|embg|ЈМБГ|ЕМБГ|mati[cč]ni broj",
    digits=13,
    check=_check,
    names="""
        emso emšo jmbg embg maticni_broj maticna_stevilka јмбг ембг jmbg_pacijenta
        матични_број јединствени_матични_број
    """,
    not_names="firma",
)
