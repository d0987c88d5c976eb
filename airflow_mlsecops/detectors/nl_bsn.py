"""Citizen service numbers of the Netherlands (BSN): nine digits that pass the "elfproef".

Source: Wet algemene bepalingen burgerservicenummer. One in eleven numbers passes; companies' RSIN do, too.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="NL_BSN",
    title="Dutch citizen service number (BSN)",
    form=r"[0-9]{4}[. ]?[0-9]{2}[. ]?[0-9]{3}|[0-9]{3}[. \-]?[0-9]{3}[. \-]?[0-9]{3}",
    context="bsn|bsn-?nummer|bsn-?nr|burgerservice-?nummer|sofi-?nummer|burger service nummer|citizen service number",
    digits=9,
    check=stdnum("nl.bsn"),
    common=0.0005,
    names="""
        bsn bsn_nr bsn_nummer bsnnummer bsn_number burgerservicenummer burger_service_nummer sofinummer sofi_nummer
        sofi_nr citizen_service_number
    """,
    not_names="rsin bedrijf",
)
