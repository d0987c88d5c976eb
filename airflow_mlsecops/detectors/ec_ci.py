"""Identity card numbers of Ecuador: province, eight digits and a check digit; ten digits.

Source: Registro Civil. Provinces are 01 to 24, and 30 for those abroad; mobile telephones begin with 09, too.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="EC_CI",
    title="Ecuadorian identity card number",
    form=r"[0-3][0-9]{8}-?[0-9]",
    context="c[eé]dula|ced",
    digits=10,
    check=stdnum("ec.ci"),
    common=0.0005,
    names="cedula_ecuador cedula_ecuatoriana ecuador_id",
)
