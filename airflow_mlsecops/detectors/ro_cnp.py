"""Personal numeric codes of Romania (CNP): sex, date of birth, county, serial and a check digit; thirteen digits.

Source: Legea 105/1996, OUG 97/2005.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="RO_CNP",
    title="Romanian personal numeric code (CNP)",
    form=r"[1-9][0-9]{12}",
    context="cnp|c\\.n\\.p|cod numeric personal|codul numeric personal",
    digits=13,
    check=stdnum("ro.cnp"),
    names="cnp cod_numeric_personal cnp_pacient codnumericpersonal cnp_client",
)
