"""Tax and labour numbers of persons in Argentina (CUIT, CUIL): 20-12345678-6, with a check digit modulo 11.

Source: AFIP, RG 10/97. Persons have 20, 23, 24, 25, 26 or 27 in front, companies 30 and more.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted


def _check(number: str) -> bool:
    check = 11 - weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return number[:2] in ("20", "23", "24", "25", "26", "27") and check % 11 == int(number[10])


DETECTOR = official(
    name="AR_CUIT",
    title="Argentine tax number (CUIT, CUIL)",
    tags=("Ley 25326",),
    form=r"2[03-7][ \-]?[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}[ \-]?[0-9]",
    proof=r"2[03-7]-[0-9]{8}-[0-9]",
    context="c\\.?u\\.?i\\.?[tl]|cuit/cuil|cuil/cuit",
    digits=11,
    check=_check,
    written=shaped(r"2[03-7]-[0-9]{8}-[0-9]"),
    names="cuit cuil cuit_cuil cuil_cuit nro_cuit nro_cuil numero_cuil cuit_number cuil_number clave_unica_tributaria",
)
