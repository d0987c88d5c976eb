"""Identity numbers of Iceland (kennitala): date of birth, serial, a check digit and the century; 120174-3399.

Source: Þjóðskrá Íslands. Companies have 40 added to the day, and are no persons.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, weighted


def _check(number: str) -> bool:
    if number[9] not in "089" or not is_day(number[4:6], number[2:4], number[:2]):
        return False
    return weighted(number, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


DETECTOR = official(
    name="IS_KENNITALA",
    title="Icelandic identity number (kennitala)",
    form=r"[0-3][0-9]{5}[ \-]?[0-9]{4}",
    context="kennitala|kennit[oö]lu|kt\\.?",
    digits=10,
    check=_check,
    names="""
        kennitala kt_number icelandic_id
        kt
    """,
    not_names="knots wind speed",
)
