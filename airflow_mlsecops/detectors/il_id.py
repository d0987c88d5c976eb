"""Identity numbers of Israel (Teudat Zehut): nine digits, the last by Luhn.

Source: Population and Immigration Authority. Nine digits by Luhn are also French SIREN numbers of companies and
Canadian SIN: by their values alone they say little.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import luhn, official

DETECTOR = official(
    name="IL_ID",
    title="Israeli identity number (Teudat Zehut)",
    tags=("PPL",),
    form=r"[0-9]{8}[ \-]?[0-9]",
    context="ת\\.?ז\\.?|תעודת זהות|מספר זהות|teudat zehut|israeli id|t\\.z\\.",
    digits=9,
    check=luhn,
    common=0.05,
    names="""
        teudat_zehut teudat_zeut mispar_zehut tz israeli_id israel_id tz_number תעודת_זהות מספר_זהות תז
        מס_זהות מספר_ת_ז מספר_תז
    """,
    not_names="zone offset",
)
