"""Identity numbers of Singapore (NRIC, FIN): S, T, F, G or M, seven digits and a check letter.

Source: Immigration & Checkpoints Authority. One in twenty-six codes of that shape passes: free text needs the word.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted

_SHAPE = shaped(r"[STFGM][0-9]{7}[A-Z]")
_LETTERS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}
_SHIFTS = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}


def _check(number: str) -> bool:
    if not _SHAPE(number):
        return False
    kind = number[0]
    rest = (_SHIFTS[kind] + weighted(number[1:8], (2, 7, 6, 5, 4, 3, 2))) % 11
    # The letters of M are in the opposite order.
    return _LETTERS[kind][10 - rest if kind == "M" else rest] == number[8]


DETECTOR = official(
    name="SG_NRIC_FIN",
    title="Singaporean identity number (NRIC, FIN)",
    tags=("PDPA",),
    form=r"[STFGM][0-9]{7}[A-Z]",
    context="nric|fin|nric/fin|ic no|ic|identity card|singapore id",
    check=_check,
    names="nric nric_no nric_number nric_fin fin_no fin_number ic_no ic_number singapore_id uin",
)
