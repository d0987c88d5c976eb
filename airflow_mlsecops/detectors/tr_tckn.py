"""Identity numbers of Türkiye (T.C. Kimlik No): nine digits, the first not 0, and two check digits.

Source: Nüfus ve Vatandaşlık İşleri (MERNIS). Eleven bare digits are also telephone numbers with a trunk zero.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="TR_TCKN",
    title="Turkish identity number (T.C. Kimlik No)",
    tags=("KVKK",),
    form=r"[1-9][0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
    context="t\\.?c\\.? ?kimlik|kimlik n[a-zuiıoüö]*|tckn|tckimlik|t\\.?c\\.? ?no",
    digits=11,
    check=stdnum("tr.tckimlik"),
    names="""
        tckn tc_no tcno tc_kimlik tckimlik tckimlikno tc_kimlik_no tc_kimlik_numarasi kimlik_no kimlikno kimlik_numarasi
        kimlik tc_number vatandaslik_no
        vatandaşlık_no vatandaşlık_numarası vatandaslik_numarasi tc_kimlik_numarası kimlik_numarası
    """,
)
