"""Old-age insurance numbers of Switzerland (AHV, AVS): 756 for the country, nine digits and an EAN check digit.

Source: Zentrale Ausgleichsstelle. Written 756.9217.0769.85; no goods have an EAN that begins with 756.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted


def _check(number: str) -> bool:
    return number[:3] == "756" and weighted(number, (1, 3) * 6 + (1,)) % 10 == 0


DETECTOR = official(
    name="CH_AVS",
    title="Swiss old-age insurance number (AHV, AVS)",
    tags=("nDSG", "GDPR"),
    form=r"756[. ]?[0-9]{4}[. ]?[0-9]{4}[. ]?[0-9]{2}",
    proof=r"756[. ][0-9]{4}[. ][0-9]{4}[. ][0-9]{2}",
    context="ahv|ahv-?nr|ahv-?nummer|avs|navs|navs13|ahvn13|oasi|sozialversicherungs[a-z]*",
    check=_check,
    written=shaped(r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}"),
    names="""
        ahv ahv_nr ahv_nummer ahvnr ahvnummer ahvn avs no_avs numero_avs navs oasi oasi_number
        sozialversicherungsnummer versichertennummer
    """,
)
