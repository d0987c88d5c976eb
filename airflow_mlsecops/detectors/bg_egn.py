"""Uniform civil numbers of Bulgaria (EGN): date of birth, serial and a check digit; ten digits.

Source: Закон за гражданската регистрация, ГРАО. The month has 40 added for those born since 2000.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="BG_EGN",
    title="Bulgarian civil number (EGN)",
    form=r"[0-9]{6} ?[0-9]{4}",
    context="егн|единен граждански номер|egn|edinen grazhdanski nomer",
    digits=10,
    check=stdnum("bg.egn"),
    names="egn егн edinen_grazhdanski_nomer egn_number единен_граждански_номер",
)
