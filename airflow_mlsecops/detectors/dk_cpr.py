"""Civil registration numbers of Denmark (CPR): date of birth and four digits, written 211062-5629.

Source: CPR-kontoret. Since 2007 numbers need no check digit modulo 11 any more, so a wrong one denies nothing where
the column is named so; elsewhere dated serial numbers have the same form.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, weighted


def _check(number: str) -> bool:
    return is_day(number[4:6], number[2:4], number[:2])


def _known(number: str) -> bool:
    return _check(number) and weighted(number, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


DETECTOR = official(
    name="DK_CPR",
    title="Danish civil registration number (CPR)",
    form=r"[0-9]{6}[ \-]?[0-9]{4}",
    context="cpr|cpr-?nr|cpr-?nummer",
    digits=10,
    check=_check,
    known=_known,
    names="cpr cpr_nr cprnr cpr_nummer cprnummer cpr_number patient_cpr",
    not_names="training course certified",
)
