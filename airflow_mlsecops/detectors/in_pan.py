"""Permanent Account Numbers of India: five letters, four digits and a letter, such as AAAPL1234C.

Source: Income Tax Department, Rule 114. The fourth letter is the holder's kind: P for persons, C for companies. The
last letter is a check, but how it is made is not public.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped

_SHAPE = shaped(r"[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]")


def _check(number: str) -> bool:
    return _SHAPE(number) is not None and number[5:9] != "0000"


DETECTOR = official(
    name="IN_PAN",
    title="Indian Permanent Account Number",
    tags=("DPDP",),
    form=r"[A-Z]{5}[0-9]{4}[A-Z]",
    context="pan|permanent account n[a-z]*|पैन",
    check=_check,
    known=lambda number: _check(number) and number[3] in "PHCF",
    common=0.0005,
    names="""
        pan pan_no pan_number pan_num panno pan_card pan_card_no pancard permanent_account_number permanent_account_no
        panid pan_id पैन
    """,
    not_names="token masked frying cardholder network",
)
