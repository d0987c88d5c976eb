"""Identity numbers of South Africa: date of birth, sex, citizenship and a Luhn check digit; thirteen digits.

Source: Identification Act 68 of 1997. Thirteen digits are also EAN and milliseconds, which seldom begin with a day.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, luhn, official


def _check(number: str) -> bool:
    return number[10] in "012" and is_day(number[:2], number[2:4], number[4:6]) and luhn(number)


DETECTOR = official(
    name="ZA_ID",
    title="South African identity number",
    tags=("POPIA",),
    form=r"[0-9]{6} ?[0-9]{4} ?[0-9]{2} ?[0-9]",
    context="id|identity|south african id|id nommer|identiteitsnommer",
    digits=13,
    check=_check,
    names="""
        za_id sa_id rsa_id south_african_id sa_id_number rsa_id_number identiteitsnommer id_nommer id_number
    """,
)
