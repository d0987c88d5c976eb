"""Taxpayer numbers of Portugal (NIF): nine digits, the last a check digit modulo 11.

Source: Decreto-Lei 14/2013. Those of persons begin with 1, 2, 3 or 45; those of companies with 5, 6, 8 or 9.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

_check = stdnum("pt.nif")

DETECTOR = official(
    name="PT_NIF",
    title="Portuguese taxpayer number (NIF)",
    form=r"[1-9][0-9]{2}[ .]?[0-9]{3}[ .]?[0-9]{3}",
    context="n\\.?i\\.?f|contribuinte|identifica[cç][aã]o fiscal",
    digits=9,
    check=lambda number: (number[0] in "123" or number[:2] == "45") and _check(number),
    common=0.0005,
    names="nif contribuinte numero_contribuinte num_contribuinte nif_cliente numero_de_contribuinte nr_contribuinte",
    not_names="empresa fornecedor sociedade",
)
