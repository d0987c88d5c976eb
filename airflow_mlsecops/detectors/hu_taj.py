"""Social insurance numbers of Hungary (TAJ): nine digits, the last a check digit; written 123 456 788.

Source: 1996. évi XX. törvény. One number in ten passes.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, weighted


def _check(number: str) -> bool:
    return weighted(number, (3, 7) * 4) % 10 == int(number[8])


DETECTOR = official(
    name="HU_TAJ",
    title="Hungarian social insurance number (TAJ)",
    form=r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}",
    context="taj|taj-?sz[aá]m|t[aá]rsadalombiztos[ií]t[aá]si",
    digits=9,
    check=_check,
    common=0.0005,
    names="taj taj_szam tajszam taj_number tb_szam tarsadalombiztositasi_azonosito_jel",
)
