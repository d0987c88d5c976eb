"""Computerised National Identity Cards of Pakistan: 34201-0891231-8, with the province first and no check digit.

Source: NADRA. Five, seven and one digits prove nothing anywhere else, so free text needs the word.
"""

from __future__ import annotations

from dataclasses import replace

from airflow_mlsecops.detectors._national import official, shaped

_SHAPE = shaped(r"[1-7][0-9]{11}[1-9]")
_WRITTEN = shaped(r"[1-7][0-9]{4}-[0-9]{7}-[1-9]")


def _check(number: str) -> bool:
    return _SHAPE(number) is not None


_DETECTOR = official(
    name="PK_CNIC",
    title="Pakistani identity card number (CNIC)",
    form=r"[0-9]{5}[ \-]?[0-9]{7}[ \-]?[0-9]",
    context="cnic|nicop|snic|nadra|شناختی کارڈ",
    digits=13,
    check=_check,
    common=0.001,
    names="cnic cnic_no cnic_number nicop snic nadra nadra_id شناختی_کارڈ شناختی_کارڈ_نمبر",
)
# Thirteen digits alone say nothing; their hyphens do.
DETECTOR = replace(_DETECTOR, known=lambda cell: _WRITTEN(cell) is not None)
