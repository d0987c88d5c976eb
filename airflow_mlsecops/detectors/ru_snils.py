"""Pension insurance numbers of Russia (SNILS): 112-233-445 95, nine digits and a check number modulo 101.

Source: Social Fund of Russia. Numbers up to 001-001-998 have no check number; they are not looked for.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted


def _check(number: str) -> bool:
    total = weighted(number[:9], range(9, 0, -1))
    return int(number[:9]) > 1_001_998 and total % 101 % 100 == int(number[9:])


DETECTOR = official(
    name="RU_SNILS",
    title="Russian insurance number (SNILS)",
    tags=("152-FZ",),
    form=r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{2}",
    proof=r"[0-9]{3}-[0-9]{3}-[0-9]{3}[ \-][0-9]{2}",
    context="снилс|страховой номер|snils",
    digits=11,
    check=_check,
    written=shaped(r"[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2}"),
    names="snils snils_number nomer_snils снилс номер_снилс страховой_номер",
)
