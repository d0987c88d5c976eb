"""Social Insurance Numbers of Canada: nine digits, the last by Luhn, written 046 454 286.

Source: Employment and Social Development Canada. None begins with 0 or 8. Nine digits by Luhn are also French SIREN
numbers of companies and Israeli identity numbers: bare, they say little alone.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import luhn, official

DETECTOR = official(
    name="CA_SIN",
    title="Canadian Social Insurance Number",
    tags=("PIPEDA",),
    form=r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}",
    context="s\\.?i\\.?n|social insurance|n\\.?a\\.?s|assurance sociale",
    digits=9,
    check=luhn,
    known=lambda number: number[0] not in "08" and luhn(number),
    common=0.004,
    names="""
        sin sin_no sin_number sin_num social_insurance_number social_insurance_no social_insurance canadian_sin
        numero_assurance_sociale numero_d_assurance_sociale no_assurance_sociale
    """,
    not_names="cos tan wave siren angle",
)
