"""Pension insurance numbers of Germany: area, date of birth, first letter of the name, serial and a check digit.

Source: § 147 SGB VI, VKVV § 2 and 4. Written 15 070649 C 103; the day may have 50 added, where the date is not known.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, shaped

_SHAPE = shaped(r"[0-9]{8}[A-Z][0-9]{3}")
_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def _check(number: str) -> bool:
    if not _SHAPE(number) or not is_day(number[6:8], number[4:6], int(number[2:4]) % 50):
        return False
    digits = f"{number[:8]}{ord(number[8]) - 64:02}{number[9:11]}"
    products = (int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return sum(product // 10 + product % 10 for product in products) % 10 == int(number[11])


DETECTOR = official(
    name="DE_SOCIAL_SECURITY",
    title="German pension insurance number",
    form=r"[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}",
    proof=r"[0-9]{2} [0-9]{6} [A-Z] [0-9]{3}",
    context="sozialversicherungs[a-z]*|rentenversicherungs[a-z]*|versicherungsnummer|sv-?nummer|sv-?nr|rvnr|rv-?nummer|vsnr",
    check=_check,
    written=shaped(r"[0-9]{2} ?(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2} ?[A-Z] ?[0-9]{3}"),
    names="""
        sozialversicherungsnummer sozialversicherung_nr rentenversicherungsnummer rentenversicherung_nr sv_nummer
        svnummer sv_nr rvnr rv_nummer vsnr versicherungsnummer sozialversicherungs_nr
    """,
)
