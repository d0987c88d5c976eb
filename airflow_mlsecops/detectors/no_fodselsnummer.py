"""Birth numbers of Norway: date of birth, three digits and two check digits modulo 11; eleven digits.

Source: Skatteetaten. D numbers, of people who are not registered, have 40 added to the day; synthetic people of the
tax office have 80 added to the month.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, weighted


def _check(number: str) -> bool:
    month, day = int(number[2:4]) % 40, int(number[:2]) % 40
    first = -weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
    second = -weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return is_day(number[4:6], month, day) and number[9:] == f"{first}{second}"


DETECTOR = official(
    name="NO_FODSELSNUMMER",
    title="Norwegian birth number",
    form=r"[0-9]{6}[ \-]?[0-9]{5}",
    context="f[øo]dselsnummer|f[øo]dsels-?nr|fnr|personnummer|d-nummer|fnummer",
    digits=11,
    check=_check,
    names="""
        fodselsnummer fødselsnummer fodselsnr fødselsnr fnr d_nummer dnummer
        norwegian_id fodsels_nummer national_identity_number
    """,
    not_names="farm field",
)
