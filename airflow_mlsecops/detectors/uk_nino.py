"""National Insurance numbers of the United Kingdom: QQ 12 34 56 C, with the prefixes that are issued.

Source: HMRC, NIM39110. There is no check digit: in free text the written form in pairs counts, or the words before.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped

_SHAPE = shaped(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][0-9]{6}[A-D]?")


def _check(number: str) -> bool:
    return _SHAPE(number) is not None


DETECTOR = official(
    name="UK_NINO",
    title="UK National Insurance number",
    form=r"[A-Z]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}(?:[ \-]?[A-D])?",
    proof=r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: [0-9]{2}){3} [A-D]",
    context="nino|national insurance|ni no|ni number|ni num|insurance n[a-z]*",
    check=_check,
    known=lambda number: _check(number) and len(number) == 9,
    common=0.0005,
    names="""
        nino ni_no ni_number ni_num nationalinsurance national_insurance national_insurance_number
        national_insurance_no
    """,
    not_names="el la",
)
