"""Population registry numbers of Poland (PESEL): date of birth, serial and a check digit; eleven digits.

Source: Ustawa o ewidencji ludności, art. 15. The month carries the century: 21 to 32 are the 2000s.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="PL_PESEL",
    title="Polish PESEL number",
    form=r"[0-9]{6} ?[0-9]{5}",
    context="pesel",
    digits=11,
    check=stdnum("pl.pesel"),
    names="pesel numer_pesel nr_pesel pesel_number pesel_pacjenta numer_ewidencyjny",
)
