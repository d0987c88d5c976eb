"""Tax File Numbers of Australia: nine digits whose weighted sum is a multiple of eleven; 123 456 782.

Source: Australian Taxation Office. One number in eleven passes.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, weighted


def _check(number: str) -> bool:
    return weighted(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


DETECTOR = official(
    name="AU_TFN",
    title="Australian Tax File Number",
    tags=("Privacy Act",),
    form=r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}",
    context="tfn|tax file",
    digits=9,
    check=_check,
    common=0.0005,
    names="tfn tfn_no tfn_number tax_file_number tax_file_no taxfilenumber tax_file",
)
