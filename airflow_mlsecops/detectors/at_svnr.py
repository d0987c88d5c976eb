"""Social security numbers of Austria: serial, check digit modulo 11 and date of birth, written 1237 010180.

Source: Dachverband der Sozialversicherungsträger. Months 13 to 15 are issued where a day's serials ran out.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, stdnum

_valid = stdnum("at.vnr")


def _check(number: str) -> bool:
    month = int(number[6:8])
    return (month in (13, 14, 15) or is_day(number[8:], month, number[4:6])) and _valid(number)


DETECTOR = official(
    name="AT_SVNR",
    title="Austrian social security number",
    form=r"[1-9][0-9]{3}[ \-/]?[0-9]{6}",
    context="svnr|sv-?nr|sv-?nummer|sozialversicherungs[a-z]*|versicherungsnummer|vsnr",
    digits=10,
    check=_check,
    names="svnr sv_nr sv_nummer svnummer sozialversicherungsnummer versicherungsnummer vsnr sozialversicherungs_nr",
)
