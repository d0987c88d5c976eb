"""Resident identity numbers of China: area, date of birth, serial and an ISO 7064 MOD 11-2 check character.

Source: GB 11643-1999. Eighteen bare digits that pass are one in a hundred thousand, which a million order numbers
reach: in free text they count with the check character X or after words only.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, shaped, weighted

# Provinces: the first two digits of the area.
_SHAPE = shaped(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}(?:19|20)[0-9]{9}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _dated(number: str) -> bool:
    return _SHAPE(number) is not None and is_day(number[6:10], number[10:12], number[12:14])


def _check(number: str) -> bool:
    if not _dated(number):
        return False
    return "10X98765432"[weighted(number[:17], _WEIGHTS) % 11] == number[17]


DETECTOR = official(
    name="CN_RESIDENT_ID",
    title="Chinese resident identity number",
    tags=("PIPL", "GDPR"),
    form=r"[0-9]{6}[ \-]?[0-9]{8}[ \-]?[0-9]{3}[0-9X]",
    proof=r"[1-8][0-9]{5}(?:19|20)[0-9]{9}X",
    context="身份证|身份證|公民身份|证件号|證件號|证号|resident id|citizen id|id card|id no|sfz",
    check=_check,
    written=_dated,
    names="""
        sfz sfzh sfzhm shenfenzheng shen_fen_zheng resident_id resident_identity resident_identity_number citizen_id
        身份证 身份证号 身份证号码 身份證 身份證號 身份證字號 公民身份号码 证件号 证件号码 证件 id_card id_card_no
        idcard idcardno chinese_id cn_id identity_card identity_card_no
    """,
)
