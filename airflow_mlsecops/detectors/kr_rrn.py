"""Resident registration numbers of Korea: date of birth, century and sex, place, and a check digit.

Source: Resident Registration Act. Written 850730-1234567. Those issued since October 2020 are random after the sex and
have no check digit: they are found after words and in columns named so.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, shaped, weighted

_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def _check(number: str) -> bool:
    # Those born from 2000 on have 3, 4, 7 or 8. Orders are numbered by day, too, and go on with zeros mostly.
    sexes = "3478" if number[0] in "012" else "1256"
    if number[6] not in sexes or not is_day(number[:2], number[2:4], number[4:6]):
        return False
    beyond = (int(number[12]) - (11 - weighted(number, _WEIGHTS) % 11)) % 10
    # Two are added to the check digit of foreigners, whose numbers have 5 to 8 in that place.
    return beyond == 0 or (beyond == 2 and number[6] in "5678")


DETECTOR = official(
    name="KR_RRN",
    title="Korean resident registration number",
    tags=("PIPA",),
    form=r"[0-9]{6}[ \-]?[0-9]{7}",
    proof=r"[0-9]{6}-[1-8][0-9]{6}",
    context="주민등록번호|주민번호|외국인등록번호|resident registration|rrn|jumin",
    digits=13,
    check=_check,
    written=shaped(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-[1-8][0-9]{6}"),
    names="""
        rrn jumin jumin_no juminno jumin_number resident_registration_number resident_registration_no resident_no
        korean_id 주민등록번호 주민번호 외국인등록번호
    """,
)
