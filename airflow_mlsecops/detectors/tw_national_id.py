"""Identity numbers of Taiwan: a letter for the place, 1 or 2 for the sex (8 or 9: residents), and a check digit.

Source: Ministry of the Interior. One in ten codes of that shape passes: free text needs the words.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted

_SHAPE = shaped(r"[A-Z][1289][0-9]{8}")
_PLACES = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def _check(number: str) -> bool:
    if not _SHAPE(number):
        return False
    place = f"{_PLACES.index(number[0]) + 10}"
    return weighted(place + number[1:], (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


DETECTOR = official(
    name="TW_NATIONAL_ID",
    title="Taiwanese identity number",
    tags=("PDPA",),
    form=r"[A-Z][1289][0-9]{8}",
    context="身分證|身分證字號|身份證字號|統一證號|居留證|taiwan id|taiwanese id|national id",
    check=_check,
    names="身分證 身分證字號 身份證字號 統一證號 taiwan_id taiwan_national_id tw_id",
)
