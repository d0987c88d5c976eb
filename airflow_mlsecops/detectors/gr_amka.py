"""Social security numbers of Greece (AMKA): date of birth, four digits and a Luhn digit; eleven digits.

Source: ΗΔΙΚΑ.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, luhn, official


def _check(number: str) -> bool:
    return is_day(number[4:6], number[2:4], number[:2]) and luhn(number)


DETECTOR = official(
    name="GR_AMKA",
    title="Greek social security number (AMKA)",
    form=r"[0-9]{6}[ \-]?[0-9]{5}",
    context="αμκα|α\\.μ\\.κ\\.α|amka",
    digits=11,
    check=_check,
    names="amka αμκα ar_amka arithmos_amka",
)
