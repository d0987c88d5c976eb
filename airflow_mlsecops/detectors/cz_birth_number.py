"""Birth numbers of Czechia and Slovakia (rodné číslo): date of birth, a slash, and four digits, all modulo 11.

Source: zákon č. 133/2000 Sb. Women have 50 added to the month. Files and telephones have six digits, a slash and four,
too: free text needs the words.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, shaped

# Those of nine digits, until 1953, have no check digit: they count in columns named so only.
_SHAPE = shaped(r"[0-9]{10}")


def _check(number: str) -> bool:
    if not _SHAPE(number):
        return False
    month = int(number[2:4]) % 50
    dated = is_day(number[:2], month - 20 if month > 20 else month, number[4:6])
    # A rest of ten was written as 0 until 1985.
    return dated and int(number[:9]) % 11 % 10 == int(number[9])


DETECTOR = official(
    name="CZ_BIRTH_NUMBER",
    title="Czech or Slovak birth number",
    form=r"[0-9]{6} ?/? ?[0-9]{3,4}",
    context="rodn[eéý][a-z]* [cč][ií]sl[oa]|r\\. ?[cč]\\.?|r[cč]|birth number|rodcis",
    check=_check,
    names="rodne_cislo rodnecislo rodne_cislo_pacienta rc rodcis birth_number rodne_c rod_cislo r_c",
    not_names="remote radio release",
)
