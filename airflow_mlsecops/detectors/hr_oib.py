"""Personal identification numbers of Croatia (OIB): ten digits and an ISO 7064 MOD 11,10 check digit.

Source: Zakon o osobnom identifikacijskom broju. Companies have them, too. German tax numbers have the same check
digit and one digit repeated, which few OIB have.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

_check = stdnum("hr.oib")
_german = stdnum("de.idnr")

DETECTOR = official(
    name="HR_OIB",
    title="Croatian personal identification number (OIB)",
    form=r"[0-9]{11}",
    context="oib|osobni identifikacijski broj|os\\. ident\\. broj",
    digits=11,
    check=_check,
    known=lambda number: _check(number) and not _german(number),
    names="oib oib_broj osobni_identifikacijski_broj oib_number",
)
