"""Population identity numbers of Indonesia (NIK): area, date of birth (women: day + 40) and serial.

Source: Ministry of Home Affairs. There is no check digit. Sixteen digits are also payment cards, which carry no date.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, shaped

# Provinces 11 to 96, with gaps.
_SHAPE = shaped(r"(?:1[1-9]|2[1-2]|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[1-2]|9[1-7])[0-9]{14}")


def _check(number: str) -> bool:
    if not _SHAPE(number) or number[12:] == "0000" or number[2:4] == "00" or number[4:6] == "00":
        return False
    day = int(number[6:8])
    return is_day(number[10:12], number[8:10], day - 40 if day > 40 else day)


DETECTOR = official(
    name="ID_NIK",
    title="Indonesian identity number (NIK)",
    tags=("UU-PDP",),
    form=r"[0-9]{6}[ .\-]?[0-9]{6}[ .\-]?[0-9]{4}",
    context="nik|nomor induk kependudukan|no ktp|ktp",
    digits=16,
    check=_check,
    names="nik no_nik nomor_nik nik_ktp ktp no_ktp nomor_ktp e_ktp nomor_induk_kependudukan",
)
