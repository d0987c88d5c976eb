"""NHS numbers of England and Wales: nine digits and a check digit modulo 11, written 943 476 5919.

Source: NHS Data Dictionary. ISBN-10 has the same check digit: by their values alone only the issued ranges count.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

_check = stdnum("gb.nhs")


def _issued(number: str) -> bool:
    return (number[0] in "467" or number[:3] == "999") and _check(number)


DETECTOR = official(
    name="UK_NHS",
    title="UK NHS number",
    form=r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{4}",
    context="nhs|national health service",
    digits=10,
    check=_check,
    known=_issued,
    common=0.001,
    names="nhs nhs_no nhs_number nhsno nhsnumber nhs_num nhs_id patient_nhs_number",
    not_names="trust region board code hospital",
)
