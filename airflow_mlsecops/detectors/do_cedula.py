"""Identity card numbers of the Dominican Republic: 001-1391820-5, the last digit by Luhn.

Source: Junta Central Electoral.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import luhn, official

DETECTOR = official(
    name="DO_CEDULA",
    title="Dominican identity card number",
    form=r"[0-9]{3}[ \-]?[0-9]{7}[ \-]?[0-9]",
    context="c[eé]dula|ced",
    digits=11,
    check=luhn,
    common=0.001,
    names="cedula_dominicana cedula_do dominican_id",
)
