"""Personal codes of Estonia and Lithuania: century and sex, date of birth, serial and a check digit modulo 11.

Source: EVS 585:2007; Lietuvos gyventojų registras. The two states number their people in one and the same way.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, stdnum

_valid = stdnum("ee.ik")


def _check(number: str) -> bool:
    return is_day(number[1:3], number[3:5], number[5:7]) and _valid(number)


DETECTOR = official(
    name="EE_ISIKUKOOD",
    title="Estonian or Lithuanian personal code",
    form=r"[1-8][0-9]{6} ?[0-9]{4}",
    context="isikukood|isikukoodi|asmens kodas|a\\.? ?k\\.?|personal code|ik",
    digits=11,
    check=_check,
    names="""
        isikukood isiku_kood asmens_kodas asmenskodas asm_kodas personal_code estonian_id lithuanian_id
        a_k
    """,
)
