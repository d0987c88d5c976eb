"""Inland Revenue numbers of New Zealand: eight or nine digits, the last a check digit; 49-091-850.

Source: Inland Revenue. They run from 10 to 150 million. One number in eleven passes.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="NZ_IRD",
    title="New Zealand Inland Revenue number",
    tags=("Privacy Act",),
    form=r"[0-9]{2,3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}",
    context="ird|inland revenue",
    digits=9,
    check=stdnum("nz.ird"),
    common=0.001,
    names="ird ird_no ird_number irdno ",
)
