"""Identity numbers of Thailand: twelve digits and a check digit modulo 11, written 1-2345-67890-12-1.

Source: Department of Provincial Administration. The first digit is the kind of holder, 1 to 8.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted


def _check(number: str) -> bool:
    return number[0] in "12345678" and (11 - weighted(number, range(13, 1, -1)) % 11) % 10 == int(number[12])


DETECTOR = official(
    name="TH_TNIN",
    title="Thai identity number",
    tags=("PDPA",),
    form=r"[0-9][ \-]?[0-9]{4}[ \-]?[0-9]{5}[ \-]?[0-9]{2}[ \-]?[0-9]",
    proof=r"[0-9]-[0-9]{4}-[0-9]{5}-[0-9]{2}-[0-9]",
    context="บัตรประชาชน|ประจำตัวประชาชน|thai id|thai national id|citizen id|tnin",
    digits=13,
    check=_check,
    written=shaped(r"[1-8]-[0-9]{4}-[0-9]{5}-[0-9]{2}-[0-9]"),
    names="thai_id thai_national_id tnin citizen_id thai_citizen_id เลขบัตรประชาชน เลขประจำตัวประชาชน บัตรประชาชน",
)
