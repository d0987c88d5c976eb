"""Identity card numbers of Malaysia (MyKad): date of birth, place and serial, written 770305-02-1234.

Source: Jabatan Pendaftaran Negara. There is no check digit, and batches are numbered by day in that form: free text
needs the words.
"""

from __future__ import annotations

from dataclasses import replace

from airflow_mlsecops.detectors._national import is_day, official, shaped

# Places that no one is born in are 00, 17 to 20, 69, 70, 73, 80, 81, 94 to 97.
_PLACE = shaped(r"0[1-9]|1[0-6]|2[1-9]|[3-5][0-9]|6[0-8]|7[124-9]|8[2-9]|9[0-3]|9[89]")


def _check(number: str) -> bool:
    return _PLACE(number[6:8]) is not None and is_day(number[:2], number[2:4], number[4:6])


_WRITTEN = shaped(r"[0-9]{6}-[0-9]{2}-[0-9]{4}")
_DETECTOR = official(
    name="MY_NRIC",
    title="Malaysian identity card number",
    tags=("PDPA",),
    form=r"[0-9]{6}[ \-]?[0-9]{2}[ \-]?[0-9]{4}",
    context="nric|mykad|no\\.? ?kp|kad pengenalan|ic no|ic number|ic|i/c",
    digits=12,
    check=_check,
    common=0.002,
    names="nric nric_no nric_number mykad mykad_no no_kp nokp no_kad_pengenalan kad_pengenalan ic_no ic_number icno",
)
# Twelve digits are a day and a serial, too.
DETECTOR = replace(_DETECTOR, known=lambda cell: _WRITTEN(cell) is not None and _check(cell.replace("-", "")))
