"""Personal codes of Latvia: date of birth, century, serial and a check digit; or 32 and nine digits since 2017.

Source: Fizisko personu reģistra likums. Written 161175-19997. The newer ones say nothing and are found by name only.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, weighted


def _known(number: str) -> bool:
    check = (1 + weighted(number, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10
    return number[6] in "012" and is_day(number[4:6], number[2:4], number[:2]) and check == int(number[10])


DETECTOR = official(
    name="LV_PERSONAS_KODS",
    title="Latvian personal code",
    form=r"[0-9]{6}[ \-]?[0-9]{5}",
    context="personas kods|personas kodu|pers\\.? ?kods|p\\.?k\\.",
    digits=11,
    check=lambda number: number[:2] in ("32", "33") or _known(number),
    known=_known,
    names="""
        personas_kods personaskods pers_kods latvian_id personas_kods_nr
        personas_koda
    """,
)
